import type { TypedArray } from "@anneal/kernel";
import type { MatmulSpec } from "../../core/device.ts";

/** Sums of products in double precision (64-bit integers: exactly), rounded once. */
export function matmul({ batch, m, n, k, a, b, c }: MatmulSpec, x: TypedArray, y: TypedArray, z: TypedArray): void {
  for (let i = 0; i < batch; i++) {
    for (let row = 0; row < m; row++) {
      for (let column = 0; column < n; column++) {
        const atA = a.offset + i * a.strides[0] + row * a.strides[1];
        const atB = b.offset + i * b.strides[0] + column * b.strides[2];
        const at = c.offset + i * c.strides[0] + row * c.strides[1] + column * c.strides[2];
        if (z instanceof BigInt64Array) {
          let sum = 0n;
          for (let l = 0; l < k; l++)
            sum += BigInt(x[atA + l * a.strides[2]] ?? 0) * BigInt(y[atB + l * b.strides[1]] ?? 0);
          z[at] = sum;
        } else {
          const whole = z instanceof Int32Array;
          let sum = 0;
          for (let l = 0; l < k; l++) {
            const left = Number(x[atA + l * a.strides[2]]);
            const right = Number(y[atB + l * b.strides[1]]);
            // Integers wrap at 32 bits.
            sum = whole ? (sum + Math.imul(left, right)) | 0 : sum + left * right;
          }
          z[at] = sum;
        }
      }
    }
  }
}
