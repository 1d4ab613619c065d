import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { families } from "./index.ts";

it("has every case of PyTorch's in bench.py under the same id", () => {
  const python = readFileSync(new URL("../torch/bench.py", import.meta.url), "utf8");
  const inPython = [...python.matchAll(/^ +f?"(.*)": /gm)]
    .flatMap(([, id = ""]) =>
      id.includes("{millions}") ? ["1", "10"].map((millions) => id.replace("{millions}", millions)) : [id],
    )
    .toSorted();
  const inTypeScript = families
    .flatMap((family) => (family.kind === "timed" && !family.fresh ? family.cases : []))
    .filter(({ torch }) => torch)
    .map(({ id }) => id)
    .toSorted();
  expect(inPython).toEqual(inTypeScript);
});
