import { arange, OptionError, ShapeError, Tensor, tensor } from "@anneal/tensor";
import { checkIntegers } from "../../functional/check-integers.ts";

/**
 * Which steps there are, [L, N, 1], bool.
 *
 * @param lengths - how many each sequence has
 * @param x - the input, [L, N, in] or [N, L, in] or [L, in], for messages, and where the mask is to be
 * @throws {ShapeError | DTypeError | OptionError} if there is not one length for each sequence, or one is not from 0 to L
 */
export function presentSteps(
  name: string,
  lengths: Tensor | readonly number[],
  x: Tensor,
  length: number,
  batch: number,
): Tensor {
  const shape = `[${x.shape.join(", ")}]`;
  if (x.ndim === 2) throw new OptionError(name, `lengths for one sequence, x ${shape}`, "Leave out its padding.");
  if (lengths instanceof Tensor) checkIntegers(name, "lengths", lengths);
  const { device } = x;
  const counts =
    lengths instanceof Tensor ? lengths.to("int32").to(device) : tensor(lengths, { dtype: "int32", device });
  if (counts.ndim !== 1 || counts.numel !== batch) {
    throw new ShapeError(
      name,
      `lengths has the shape [${counts.shape.join(", ")}], and x ${shape} has ${batch} sequences`,
      "Give one length for each.",
    );
  }
  // Where a tensor cannot be read at once nobody looks.
  const known = lengths instanceof Tensor ? (lengths.device.readSync ? lengths.dataSync() : []) : lengths;
  const wrong = Array.from(known, Number).find((each) => !Number.isInteger(each) || each < 0 || each > length);
  if (wrong !== undefined) {
    const what = `lengths has a ${wrong}, and x ${shape} has ${length} steps`;
    throw new OptionError(name, what, `Give integers from 0 to ${length}.`);
  }
  const times = arange(length, { dtype: "int32", device }).reshape([length, 1, 1]);
  return times.lt(counts.unsqueeze(1)).realize();
}
