import { keep, ShapeError, type Tensor, tensor } from "@anneal/tensor";
import type { Dataset } from "./dataset.ts";

/**
 * Tensors whose first dimension counts the samples: images and their labels. A batch is one tensor of each.
 *
 * The data set keeps its tensors: no memory scope frees them. Batches are copies.
 *
 * @throws {ShapeError} if there is no tensor, one has no dimension, or the first dimensions differ
 * @example
 * const dataset = new TensorDataset(tensor([[1, 2], [3, 4], [5, 6]]), tensor([0, 1, 0]));
 * dataset.length; // => 3
 * const [x, y] = dataset.batch(Int32Array.of(2, 0));
 * x.shape; // => [2, 2]
 * @see {@link https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.TensorDataset}
 */
export class TensorDataset<const Tensors extends readonly Tensor[]>
  implements Dataset<{ [K in keyof Tensors]: Tensor }>
{
  readonly tensors: Tensors;
  readonly length: number;

  constructor(...tensors: Tensors) {
    const shapes = tensors.map(({ shape }) => `[${shape.join(", ")}]`).join(" and ");
    const [length] = tensors[0]?.shape ?? [];
    if (length === undefined) {
      throw new ShapeError(
        "TensorDataset",
        tensors.length === 0 ? "got no tensor" : `a tensor of shape ${shapes} has no samples to count`,
        "Give it tensors whose first dimension counts the samples.",
      );
    }
    if (tensors.some(({ shape }) => shape[0] !== length)) {
      throw new ShapeError(
        "TensorDataset",
        `tensors of shape ${shapes} do not have the same number of samples`,
        "Their first sizes must be equal.",
      );
    }
    this.tensors = keep(tensors);
    this.length = length;
  }

  batch(indices: Int32Array): { [K in keyof Tensors]: Tensor } {
    const places = new Map<Tensor["device"], Tensor>();
    const selected = this.tensors.map((each) => {
      const on = places.get(each.device) ?? tensor(indices, { device: each.device });
      places.set(each.device, on);
      return each.indexSelect(0, on);
    });
    return selected as { [K in keyof Tensors]: Tensor };
  }
}
