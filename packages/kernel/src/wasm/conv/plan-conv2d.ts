import { hasRelaxedMadd } from "../features.ts";
import { planMatmul } from "../matmul/plan-matmul.ts";
import type { Plan } from "../plan.ts";
import { planConvolve } from "./plan-convolve.ts";
import { planCorrelate } from "./plan-correlate.ts";
import type { Conv2dSpec } from "./spec.ts";

/**
 * A 2-D convolution or one of its two gradients; a 1-D one is 2-D with height 1. Any kernel, stride, dilation, padding (negative, too) and
 * groups.
 *
 * Inputs are copied into planes with zeros around them, a few images at a time, and where the stride is not 1 taken apart by the remainders of
 * their rows and columns. Then every tap lies at a constant offset from its pixel, and one register tile multiplies whatever the shape.
 *
 * Every sum is taken in an order that depends on the spec alone.
 *
 * @example
 * const plan = planConv2d({ kind: "forward", n: 8, groups: 1, inChannels: 16, outChannels: 32, height: 32, width: 32, kernel: [3, 3],
 *   stride: [1, 1], padding: [1, 1], dilation: [1, 1], outHeight: 32, outWidth: 32, input: 0, weight: 524288, output: 542720 });
 * plan.scratchBytes > 0; // => true
 */
export function planConv2d(spec: Conv2dSpec, { relaxedMadd = hasRelaxedMadd() } = {}): Plan {
  const { kind, n, groups, inChannels, outChannels, height, width, outHeight, outWidth, kernel } = spec;
  const taps = (inChannels / groups) * kernel[0] * kernel[1];
  const written = {
    forward: n * outChannels * outHeight * outWidth,
    inputGradient: n * inChannels * height * width,
    weightGradient: outChannels * taps,
  }[kind];
  if (written === 0) return { scratchBytes: 0, steps: () => [] };
  if (n * outChannels * outHeight * outWidth * taps === 0) {
    // Nothing to sum: zeros, by a product without terms.
    const address = { forward: spec.output, inputGradient: spec.input, weightGradient: spec.weight }[kind];
    const view = { address, strides: [0, 1, 1] } as const;
    return planMatmul({ batch: 1, m: 1, n: written, k: 0, a: view, b: view, c: view }, { relaxedMadd });
  }
  const flat = flatten(spec);
  const tileRows = relaxedMadd ? 6 : 4;
  return kind === "weightGradient" ? planCorrelate(flat, tileRows) : planConvolve(flat, tileRows);
}

/** A kernel of one pixel sees no rows: one long row has fewer ends. The gradient of the weights takes rows apart when they are many. */
function flatten(spec: Conv2dSpec): Conv2dSpec {
  const { kind, kernel, stride, padding, height, width, outHeight, outWidth } = spec;
  const pointwise = kernel[0] * kernel[1] * stride[0] * stride[1] === 1 && padding[0] === 0 && padding[1] === 0;
  if (!pointwise || height !== outHeight || width !== outWidth) return spec;
  if (kind === "weightGradient" && height * width > 1024) return spec;
  return { ...spec, height: 1, width: height * width, outHeight: 1, outWidth: height * width };
}
