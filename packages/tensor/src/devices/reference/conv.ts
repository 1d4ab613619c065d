import type { TypedArray } from "@anneal/kernel";
import type { ConvSpec } from "../../core/device.ts";

/**
 * The convolution and its two gradients, straight from the sum they share:
 * output[n, o, oy, ox] = Σ input[n, c, oy * stride - padding + ky * dilation, ...] * weight[o, c, ky, kx].
 * Sums are kept in double precision and rounded once.
 */
export function conv(spec: ConvSpec, input: TypedArray, weight: TypedArray, output: TypedArray): void {
  const { kind, groups, inChannels, outChannels, height, width, outHeight, outWidth } = spec;
  const [kernelHeight, kernelWidth] = spec.kernel;
  const perGroupIn = inChannels / groups;
  const perGroupOut = outChannels / groups;
  const target = kind === "forward" ? output : kind === "inputGradient" ? input : weight;
  const sizes = {
    forward: spec.n * outChannels * outHeight * outWidth,
    inputGradient: spec.n * inChannels * height * width,
    weightGradient: outChannels * perGroupIn * kernelHeight * kernelWidth,
  };
  const start = { forward: spec.output, inputGradient: spec.input, weightGradient: spec.weight }[kind].offset;
  const sums = new Float64Array(sizes[kind]);
  for (let n = 0; n < spec.n; n++) {
    for (let o = 0; o < outChannels; o++) {
      const firstIn = Math.floor(o / perGroupOut) * perGroupIn;
      for (let c = 0; c < perGroupIn; c++) {
        for (let ky = 0; ky < kernelHeight; ky++) {
          for (let kx = 0; kx < kernelWidth; kx++) {
            const atWeight = ((o * perGroupIn + c) * kernelHeight + ky) * kernelWidth + kx;
            for (let oy = 0; oy < outHeight; oy++) {
              const y = oy * spec.stride[0] - spec.padding[0] + ky * spec.dilation[0];
              if (y < 0 || y >= height) continue;
              for (let ox = 0; ox < outWidth; ox++) {
                const x = ox * spec.stride[1] - spec.padding[1] + kx * spec.dilation[1];
                if (x < 0 || x >= width) continue;
                const atInput = ((n * inChannels + firstIn + c) * height + y) * width + x;
                const atOutput = ((n * outChannels + o) * outHeight + oy) * outWidth + ox;
                const i = Number(input[spec.input.offset + atInput]);
                const w = Number(weight[spec.weight.offset + atWeight]);
                const g = Number(output[spec.output.offset + atOutput]);
                if (kind === "forward") sums[atOutput] = (sums[atOutput] as number) + i * w;
                else if (kind === "inputGradient") sums[atInput] = (sums[atInput] as number) + g * w;
                else sums[atWeight] = (sums[atWeight] as number) + g * i;
              }
            }
          }
        }
      }
    }
  }
  for (let i = 0; i < sums.length; i++) target[start + i] = sums[i] as number;
}
