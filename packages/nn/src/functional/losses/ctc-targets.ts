import { arange, OptionError, ShapeError, Tensor, tensor, where } from "@anneal/tensor";
import { checkIntegers } from "../check-integers.ts";
import { shapeText } from "./check-shapes.ts";

/** How long each sample is: a number for each of the N, or one for an unbatched sample. */
export type Lengths = Tensor | readonly number[] | number;

export interface KnownLengths {
  /** int32, [N, 1] */
  readonly each: Tensor;
  /** null where nobody can tell without waiting for the device. */
  readonly numbers: readonly number[] | null;
  /** The largest, or the limit where it is not known. */
  readonly most: number;
}

/**
 * Lengths of a batch, on the device of its scores.
 *
 * @param limit - the largest there may be
 * @throws {ShapeError | DTypeError | OptionError} if they are none
 */
export function lengthsOf(
  name: "inputLengths" | "targetLengths",
  given: Lengths,
  { shape: [, batch = 1], device }: Tensor,
  limit: number,
): KnownLengths {
  if (given instanceof Tensor) checkIntegers("ctcLoss", name, given);
  const numbers = given instanceof Tensor ? readNow(given) : [given].flat();
  const wrong = numbers?.find((each) => !Number.isInteger(each) || each < 0 || each > limit);
  if (wrong !== undefined) {
    throw new OptionError("ctcLoss", `${name} has a ${wrong}`, `Give integers from 0 to ${limit}.`);
  }
  const lengths =
    given instanceof Tensor ? given.to("int32").to(device) : tensor([given].flat(), { dtype: "int32", device });
  if (lengths.numel !== batch) {
    throw new ShapeError("ctcLoss", `${name} has ${lengths.numel} of ${batch} lengths`, "Give one for each sample.");
  }
  return { each: lengths.reshape([batch, 1]), numbers, most: numbers ? Math.max(...numbers) : limit };
}

const readNow = (x: Tensor): number[] | null => (x.device.readSync ? Array.from(x.dataSync(), Number) : null);

/**
 * The labels of a batch, int32, [N, S]; `blank` where a sample has fewer.
 *
 * @param targets - [N, S], or [S] one after the other
 * @throws {ShapeError | DTypeError} if they do not fit
 */
export function labelsOf(targets: Tensor, { each, numbers, most }: KnownLengths, blank: number): Tensor {
  checkIntegers("ctcLoss", "targets", targets);
  const batch = each.numel;
  const labels = targets.to("int32").to(each.device);
  const places = arange(most, { dtype: "int32", device: each.device });
  const counted = places.lt(each);
  if (targets.ndim === 2) {
    if (targets.shape[0] !== batch) {
      throw new ShapeError(
        "ctcLoss",
        `targets ${shapeText(targets)} are not those of a batch of ${batch}`,
        targetShapes,
      );
    }
    return where(counted, labels.narrow(1, 0, most), blank);
  }
  const total = numbers?.reduce((sum, length) => sum + length, 0) ?? targets.numel;
  if (targets.ndim !== 1 || targets.numel !== total) {
    const all = targets.ndim === 1 ? `, and targetLengths add up to ${total}` : "";
    throw new ShapeError("ctcLoss", `targets have the shape ${shapeText(targets)}${all}`, targetShapes);
  }
  const starts = each.cumsum(0).sub(each);
  return where(counted, labels.take(where(counted, starts.add(places), 0)), blank);
}

const targetShapes = "Give the labels of each sample, [N, S], or all one after the other.";
