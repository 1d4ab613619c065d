import { expect, it } from "vitest";
import { parseOptions } from "./options.ts";

const families = ["matmul", "conv"];

it("measures everything three times unless told otherwise", () => {
  expect(parseOptions([], families)).toEqual({
    only: null,
    peers: new Set(["anneal", "tfjs", "jax", "torch"]),
    rounds: 3,
    quick: false,
    write: false,
    mnist: null,
    help: false,
  });
});

it("takes families and peers with commas between, and ours always takes part", () => {
  const options = parseOptions(["--only", "conv,matmul", "--peers", "tfjs", "--quick"], families);
  expect(options).toMatchObject({ only: ["conv", "matmul"], peers: new Set(["anneal", "tfjs"]), rounds: 1 });
  expect(parseOptions(["--peers", "none"], families).peers).toEqual(new Set(["anneal"]));
});

it("refuses names and numbers that mean nothing", () => {
  expect(() => parseOptions(["--only", "matmull"], families)).toThrowErrorMatchingInlineSnapshot(
    `[RangeError: --only: there is no family "matmull". Choose from matmul, conv.]`,
  );
  expect(() => parseOptions(["--peers", "numpy"], families)).toThrowErrorMatchingInlineSnapshot(
    `[RangeError: --peers: there is no peer "numpy". Choose from tfjs, jax, torch, or none.]`,
  );
  expect(() => parseOptions(["--rounds", "0"], families)).toThrowErrorMatchingInlineSnapshot(
    `[RangeError: --rounds: 0 is no whole number above 0.]`,
  );
});
