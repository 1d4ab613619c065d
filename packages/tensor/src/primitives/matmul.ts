import { record } from "../autograd/graph.ts";
import { store } from "../core/fusion.ts";
import { numelOf } from "../core/shape.ts";
import { allocateFor, Value } from "../core/value.ts";
import { Tensor } from "../tensor.ts";

/** [B, m, k] times [B, k, n], any strides: transposes and broadcasts cost nothing. */
export function batchedMatmul(a: Tensor, b: Tensor): Tensor {
  const [batch, m, k] = a.shape as [number, number, number];
  const n = b.shape[2] as number;
  const { device, dtype } = a;
  const shape = [batch, m, n];
  const buffer = allocateFor(device, dtype, shape);
  if (numelOf(shape) > 0) {
    const matrix = (x: Tensor) => ({
      buffer: store(x.cell.value),
      offset: x.layout.offset,
      strides: x.layout.strides as [number, number, number],
    });
    device.matmul({
      dtype,
      batch,
      m,
      n,
      k,
      a: matrix(a),
      b: matrix(b),
      c: { buffer, offset: 0, strides: [m * n, n, 1] },
    });
  }
  const out = Tensor.ofValue(new Value(device, dtype, shape, { buffer }));
  return record("matmul", [a, b], out, [a, b], (grad, [left, right], [needsA, needsB]) => [
    needsA ? batchedMatmul(grad, (right as Tensor).transpose(1, 2)) : null,
    needsB ? batchedMatmul((left as Tensor).transpose(1, 2), grad) : null,
  ]);
}
