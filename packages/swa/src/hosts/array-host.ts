import type { NumberArray } from "../averageable.ts";
import type { Host } from "./host.ts";

/** Plain loops over typed arrays. */
export const arrayHost: Host<NumberArray> = {
  shapeOf: (array) => [array.length],
  dtypeOf: (array) => array.constructor.name,
  deviceOf: () => undefined,
  isFloat: (array) => array instanceof Float32Array || array instanceof Float64Array,
  detach: (array) => array,
  clone: (array) => array.slice(),

  load(like, saved, where) {
    const numbers = numbersOf(saved);
    if (!numbers) throw new TypeError(`${where} must be a typed array, a list of numbers or { shape, data }.`);
    if (numbers.length !== like.length) {
      throw new RangeError(`${where} has ${numbers.length} numbers, the model's ${like.length}.`);
    }
    const array = like.slice();
    arrayHost.copy(array, numbers as NumberArray);
    return array;
  },

  copy(target, source) {
    if (target instanceof BigInt64Array) target.set(BigInt64Array.from(source as ArrayLike<number>, BigInt));
    else target.set(source instanceof BigInt64Array ? Array.from(source, Number) : source);
  },

  lerp(target, end, weight) {
    if (target instanceof BigInt64Array || end instanceof BigInt64Array) return;
    for (let i = 0; i < target.length; i++) {
      const from = target[i] as number;
      const to = end[i] as number;
      // From the nearer end, so that weight 1 gives exactly the end.
      target[i] = weight < 0.5 ? from + weight * (to - from) : to - (1 - weight) * (to - from);
    }
  },

  settle: () => {},
  dispose: () => {},
  read: async (array) => array.slice(),
};

function numbersOf(saved: unknown): ArrayLike<number | bigint> | null {
  const data: unknown = typeof saved === "object" && saved !== null && "data" in saved ? saved.data : saved;
  const isNumbers = Array.isArray(data)
    ? data.every((each) => typeof each === "number")
    : ArrayBuffer.isView(data) && !(data instanceof DataView);
  return isNumbers ? (data as ArrayLike<number | bigint>) : null;
}
