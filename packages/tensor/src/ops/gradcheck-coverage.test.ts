import { globSync, readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

interface Family {
  readonly cases: readonly { readonly op: string; readonly grads?: unknown }[];
}

const vectors = new URL("../../reference/", import.meta.url);

it("every op that has a gradient among PyTorch's vectors is checked against finite differences", () => {
  const families = readdirSync(vectors)
    .filter((file) => file.endsWith(".json"))
    .map((file): Family => JSON.parse(readFileSync(new URL(file, vectors), "utf8")));
  const ops = new Set(families.flatMap(({ cases }) => cases.filter(({ grads }) => grads).map(({ op }) => op)));
  const source = import.meta.dirname.replace(/ops$/, "");
  const tables = globSync("**/*.gradcheck.test.ts", { cwd: source })
    .map((file) => readFileSync(`${source}${file}`, "utf8"))
    .join("\n");
  // An in-place form is its plain op and an assignment, whose gradient the vectors check.
  const unchecked = [...ops].filter((op) => !op.endsWith("_") && !new RegExp(`\\b${op}\\b[(.]`).test(tables));
  expect(unchecked).toEqual([]);
});
