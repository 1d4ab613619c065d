import { describe, expect, test } from "vitest";
import { type DType, scalarOf } from "../../dtype.ts";
import type { Expr } from "../../expr.ts";
import { compileJs } from "../../js/compile.ts";
import type { Kernel } from "../../kernel.ts";
import { randomKernel, seeded } from "../../testing/random-kernel.ts";
import { compileWasm } from "../../testing/run-wasm.ts";

const dtypes = Object.keys(scalarOf) as DType[];

/** Which bits a NaN has is the engine's choice, so that kernels that look at them differ. */
function looksAtBits(kernel: Kernel): boolean {
  const looks = (expr: Expr): boolean =>
    (expr.op === "bitcast" &&
      expr.args[0]?.type !== expr.type &&
      (expr.type === "f32" || expr.args[0]?.type === "f32")) ||
    expr.args.some(looks);
  const { outputs, reduce } = kernel;
  return [
    ...outputs.flatMap(({ expr, scatter }) => [expr, ...(scatter ? [scatter.at] : [])]),
    ...(reduce ? [reduce.value] : []),
  ].some(looks);
}

describe("random kernels", () => {
  test.each(Array.from({ length: 20 }, (_, i) => i))("seed %i: as the JavaScript kernels, to the bit", (seed) => {
    for (let round = 0; round < 40; round++) {
      const number = seed * 1000 + round;
      const random = seeded(number);
      const narrow = number % 2 === 0;
      const { kernel, launch } = randomKernel(random, {
        dtypes: narrow ? dtypes.filter((d) => d !== "float64" && d !== "int64") : dtypes,
        floatSums: false,
        floatsWithout: ["madd"],
        scan: true,
        scatter: true,
        largest: number % 3 === 0 ? 17 : 6,
      });
      if (looksAtBits(kernel)) continue;
      const expected = launch();
      compileJs(kernel)(expected);
      const {
        run,
        kernel: { sequential },
      } = compileWasm(kernel, { shared: number % 4 < 2, relaxed: false });
      const actual = launch();
      run(actual, sequential ? [] : [random() / 2, 0.5 + random() / 2]);
      expect(
        actual.outputs.map(({ buffer }) => [...buffer]),
        `seed ${number}\n${JSON.stringify(kernel)} ${JSON.stringify(expected.shape)}`,
      ).toEqual(expected.outputs.map(({ buffer }) => [...buffer]));
    }
  });
});
