import { PickleProblem } from "../pickle/pickle-problem.ts";
import { Tuple } from "../pickle/tuple.ts";
import { shownShape } from "../shown.ts";

/** Where the elements of a tensor are in its storage. */
export interface Geometry {
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

// PyTorch's limit.
const maxDimensions = 64;

/** A whole number that counts something. */
export const isCount = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0;

/** A tuple of sizes or strides. */
export function countsOf(value: unknown): readonly number[] {
  if (value instanceof Tuple && value.length <= maxDimensions && value.every(isCount)) return Array.from(value);
  throw new PickleProblem("the sizes or strides of a tensor are no tuple of whole numbers from 0 on");
}

/**
 * @param available - elements in the storage
 * @throws {PickleProblem} if an element lies outside. Elements in the same place are legal: `expand` makes them.
 */
export function checkGeometry({ offset, shape, strides }: Geometry, available: number): void {
  if (shape.length !== strides.length) {
    throw new PickleProblem(`a tensor with ${shape.length} sizes and ${strides.length} strides`);
  }
  const numel = shape.reduce((product, size) => product * size, 1);
  const last = shape.reduce((sum, size, dim) => sum + (size - 1) * (strides[dim] as number), offset);
  // Slices that are empty may begin after the end.
  if (numel === 0 || (Number.isSafeInteger(numel) && last < available)) return;
  const where = `strides ${shownShape(strides)} and offset ${offset}`;
  throw new PickleProblem(
    `a tensor of shape ${shownShape(shape)}, ${where} does not fit its storage of ${available} elements`,
  );
}
