import type { DType } from "@anneal/kernel";
import { record } from "../autograd/graph.ts";
import type { Device } from "../core/device.ts";
import { checkStorage } from "../core/dtypes.ts";
import { DeviceError } from "../core/errors.ts";
import { store } from "../core/fusion.ts";
import { allocateFor, Value } from "../core/value.ts";
import { checkDevice } from "../devices/default-device.ts";
import { contiguous } from "../primitives/contiguous.ts";
import { cast } from "../primitives/pointwise.ts";
import { Tensor } from "../tensor.ts";

/**
 * The same numbers as another dtype, or on another device; the tensor itself if there is nothing to do. Gradients flow through.
 *
 * @param target - a dtype or a device
 * @throws {DeviceError} from a device that cannot hand out numbers while you wait (copy there with `await`: `tensor(await x.data(), ...)`)
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.Tensor.to.html | torch.Tensor.to}
 * @example
 * tensor([1.7, -1.7]).to("int32").arraySync(); // => [1, -1]
 */
export function to(x: Tensor, target: DType | Device): Tensor {
  if (typeof target === "string") {
    checkStorage("to", target, x.device);
    return cast(x, target);
  }
  checkDevice("to", target);
  if (target === x.device) return x;
  checkStorage("to", x.dtype, target);
  const { device } = x;
  if (!device.readSync) {
    throw new DeviceError(
      "to",
      `the ${device.info.name} device cannot hand out numbers while you wait`,
      "Read them with await x.data().",
    );
  }
  const source = contiguous(x);
  const buffer = allocateFor(target, x.dtype, x.shape);
  if (buffer.bytes > 0)
    target.write(
      buffer,
      device.readSync(store(source.cell.value), source.layout.offset * (buffer.bytes / x.numel), buffer.bytes),
    );
  const out = Tensor.ofValue(new Value(target, x.dtype, x.shape, { buffer }));
  return record("to", [x], out, [], (grad) => [to(grad, device)]);
}
