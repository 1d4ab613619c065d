import type { AverageableTensor } from "../averageable.ts";
import type { Host } from "./host.ts";

/** Change `target` to something made of `source`, and leave nothing behind. */
function change(
  target: AverageableTensor,
  source: AverageableTensor,
  operation: (to: AverageableTensor, from: AverageableTensor) => void,
): void {
  const [to, from] = [target.detach(), source.detach()];
  operation(to, from);
  to.realize?.();
  to.dispose?.();
  from.dispose?.();
}

/** The in-place methods of tensors. */
export const tensorHost: Host<AverageableTensor> = {
  shapeOf: ({ shape }) => shape,
  dtypeOf: ({ dtype }) => dtype,
  deviceOf: ({ device }) => device,
  isFloat: ({ dtype }) => dtype.startsWith("float"),
  detach: (tensor) => tensor.detach(),

  clone(tensor) {
    const copy = tensor.zeros();
    tensorHost.copy(copy, tensor);
    return copy;
  },

  load(like, saved, where) {
    const { shape, data } = (saved ?? {}) as { shape?: unknown; data?: unknown };
    if (!Array.isArray(shape)) throw new TypeError(`${where} must be a tensor or { shape, data }.`);
    if (shape.join() !== like.shape.join()) {
      throw new RangeError(`${where} has shape [${shape.join(", ")}], the model's [${like.shape.join(", ")}].`);
    }
    const size = like.shape.reduce((product, each) => product * each, 1);
    if (isList(data) && data.length !== size) {
      throw new RangeError(`${where} says shape [${shape.join(", ")}] but holds ${data.length} numbers.`);
    }
    if (!like.loadState) throw new TypeError(`${where}: the model's tensors have no loadState to load it with.`);
    return like.loadState(saved, where);
  },

  copy: (target, source) => change(target, source, (to, from) => to.copy_(from)),
  lerp: (target, end, weight) => change(target, end, (to, from) => to.lerp_(from, weight)),
  settle: (tensor) => void tensor.realize?.(),
  dispose: (tensor) => tensor.dispose?.(),

  read(tensor) {
    if (!tensor.data)
      throw new TypeError("updateBn: exact needs tensors that have data(), a promise of their numbers.");
    return tensor.data();
  },
};

/** Of a tensor, `data` is a method. */
const isList = (data: unknown): data is ArrayLike<unknown> => ArrayBuffer.isView(data) || Array.isArray(data);
