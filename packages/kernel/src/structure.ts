import type { Expr } from "./expr.ts";
import type { Kernel, KernelInput, KernelOutput, Reduction } from "./kernel.ts";

/**
 * A key that two kernels share exactly when they print to the same code: the same expressions, sharing the same values, types, layouts and
 * constants to the bit. Sizes, strides and arguments belong to the launch and do not count.
 *
 * @example
 * const copy: Parameters<typeof structureOf>[0] = {
 *   rank: 1,
 *   args: [],
 *   inputs: [{ dtype: "float32", layout: "contiguous", bounds: 0 }],
 *   outputs: [{ dtype: "float32", layout: "contiguous", expr: expr.load(0) }],
 * };
 * structureOf(copy) === structureOf({ ...copy }); // => true
 */
export function structureOf(kernel: Kernel): string {
  const { rank, inputs, outputs, args, reduce } = kernel;
  const numbers = new Map<Expr, number>();
  let key = `${rank};${args.join()};`;
  const write = (expr: Expr): void => {
    const known = numbers.get(expr);
    if (known !== undefined) {
      key += `#${known}`;
      return;
    }
    // NaN is one constant whatever its bits; -0 is not 0.
    const { value } = expr;
    key += expr.op;
    key += `:${expr.type}`;
    if (value !== 0) key += `=${value}`;
    else if (Object.is(value, -0)) key += "=-0";
    if (expr.args.length > 0) {
      key += "(";
      for (const a of expr.args) {
        write(a);
        key += ",";
      }
      key += ")";
    }
    numbers.set(expr, numbers.size);
  };
  for (const input of inputs) key += inputKey(input);
  for (const output of outputs) {
    key += outputKey(output);
    write(output.expr);
    if (!output.scatter) continue;
    key += `@${output.scatter.combine}`;
    write(output.scatter.at);
  }
  if (reduce) {
    key += reduceKey(reduce);
    write(reduce.value);
  }
  return key;
}

const inputKey = ({ dtype, layout, reducedLayout, bounds }: KernelInput): string =>
  `${dtype},${layout},${reducedLayout ?? ""},${bounds};`;

const outputKey = ({ dtype, layout }: KernelOutput): string => `>${dtype},${layout}:`;

const reduceKey = ({ op, rank, scan }: Reduction): string => `/${op},${rank},${scan === true}:`;
