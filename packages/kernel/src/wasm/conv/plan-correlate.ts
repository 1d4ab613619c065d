import type { Plan, Step } from "../plan.ts";
import { planesOf, prepareBlock } from "./planes.ts";
import { jobKinds } from "./prepare.ts";
import type { Conv2dSpec } from "./spec.ts";

/** Pixels of one vector. */
const span = 4;
/** Bytes of padded copies at a time: what the second cache holds, more or less. */
const copyBytes = 1 << 21;
/** Pixels of the planes one tile sums before the next takes its turn: what the first cache holds of both. */
const stripPixels = 1024;
/** What a call should be worth at least, in multiply-adds: some ten microseconds. */
const callWork = 1 << 18;
/** Planes of the output gradient that one tile takes. */
const tilePlanes = 2;
const module = "conv2d/float32";

/** The gradient of the weights: sums over pixels of products of planes. */
export function planCorrelate(spec: Conv2dSpec, tileTaps: number): Plan {
  const { n, groups, inChannels, outChannels, height, width, outHeight, outWidth } = spec;
  const { kernel, stride, dilation, padding } = spec;
  const [inGroup, outGroup] = [inChannels / groups, outChannels / groups];
  const rowVectors = Math.ceil(outWidth / span);
  const phasesOf = (axis: 0 | 1) => {
    let phases = 1;
    for (let tap = 1; tap < kernel[axis] && phases < stride[axis]; tap++) {
      phases = Math.max(phases, ((tap * dilation[axis]) % stride[axis]) + 1);
    }
    return phases;
  };
  const x = planesOf({
    channels: inChannels,
    height,
    width,
    top: padding[0],
    left: padding[1],
    stride,
    phases: [phasesOf(0), phasesOf(1)],
    rows: outHeight + Math.floor(((kernel[0] - 1) * dilation[0]) / stride[0]),
    columns: span * rowVectors + Math.floor(((kernel[1] - 1) * dilation[1]) / stride[1]),
  });
  // Whole vectors along every row, with zeros behind its end.
  const g = planesOf({
    channels: outChannels,
    height: outHeight,
    width: outWidth,
    top: 0,
    left: 0,
    stride: [1, 1],
    phases: [1, 1],
    rows: outHeight,
    columns: span * rowVectors,
  });

  const imageBytes = x.imageBytes + g.imageBytes;
  const images = Math.ceil(n / (imageBytes === 0 ? 1 : Math.ceil(n / Math.max(1, Math.floor(copyBytes / imageBytes)))));
  const xBytes = align(images * x.imageBytes);
  const gBytes = align(images * g.imageBytes);
  const taps = inGroup * kernel[0] * kernel[1];

  const tiles = groups * Math.ceil(taps / tileTaps);
  const tapBlock = tileTaps * Math.max(1, Math.floor(tiles / 16));
  const planeBlocks = Math.min(Math.ceil(outGroup / tilePlanes), Math.ceil(16 / tiles));
  const planeBlock = tilePlanes * Math.ceil(Math.ceil(outGroup / planeBlocks) / tilePlanes);
  const tapBlocks = Math.ceil(taps / tapBlock);
  const planePixels = outHeight * rowVectors * span;
  const stripImages = Math.max(1, Math.floor(stripPixels / planePixels));
  const stripRows =
    stripImages > 1 ? outHeight : Math.min(outHeight, Math.max(1, Math.floor(stripPixels / (rowVectors * span))));

  return {
    scratchBytes: xBytes + gBytes + taps * 4,
    steps(scratch) {
      const steps: Step[] = [];
      const table = scratch + xBytes + gBytes;
      for (let image = 0; image < n; image += images) {
        const count = Math.min(images, n - image);
        const xAddress = spec.input + image * inChannels * height * width * 4;
        const gAddress = spec.output + image * outChannels * outHeight * outWidth * 4;
        const jobs: number[][] = [];
        if (x.imageBytes > 0) jobs.push(x.job(xAddress, scratch, count * inChannels));
        if (g.imageBytes > 0) jobs.push(g.job(gAddress, scratch + xBytes, count * outChannels));
        if (image === 0) {
          jobs.push([
            jobKinds.table,
            inGroup,
            table,
            x.planeBytes,
            kernel[0],
            dilation[0],
            0,
            stride[0],
            x.phaseHBytes,
            x.rowBytes,
            kernel[1],
            dilation[1],
            0,
            stride[1],
            x.phaseWBytes,
            4,
          ]);
        }
        if (jobs.length > 0) {
          let items = 0;
          for (const job of jobs) items += job[1] as number;
          steps.push({ module, entry: "prepare", block: prepareBlock(jobs), items, grain: 16 });
        }
        const items = groups * tapBlocks * Math.ceil(outGroup / planeBlock);
        steps.push({
          module,
          entry: "correlate",
          block: [
            tapBlocks,
            Math.ceil(outGroup / planeBlock),
            tapBlock,
            planeBlock,
            taps,
            outGroup,
            count,
            stripImages,
            outHeight,
            stripRows,
            rowVectors,
            table,
            x.imageBytes > 0 ? scratch : xAddress,
            inChannels * x.planeBytes,
            inGroup * x.planeBytes,
            x.rowBytes,
            g.imageBytes > 0 ? scratch + xBytes : gAddress,
            outChannels * g.planeBytes,
            outGroup * g.planeBytes,
            g.planeBytes,
            g.rowBytes,
            spec.weight,
            outGroup * taps * 4,
            taps * 4,
            image > 0 ? 1 : 0,
          ],
          items,
          grain: Math.max(1, Math.floor((callWork * items) / (outChannels * taps * count * planePixels))),
        });
      }
      return steps;
    },
  };
}

const align = (bytes: number): number => Math.ceil(bytes / 64) * 64;
