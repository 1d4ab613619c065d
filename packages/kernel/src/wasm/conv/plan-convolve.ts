import type { Plan, Step } from "../plan.ts";
import { longestBlock } from "../plan.ts";
import { type Planes, planesOf, prepareBlock } from "./planes.ts";
import { jobKinds, jobWords } from "./prepare.ts";
import type { Conv2dSpec } from "./spec.ts";

/** Pixels of one vector. */
const span = 4;
/** Bytes of padded copies at a time: what the second cache holds, more or less. */
const copyBytes = 1 << 21;
/** Steps of k whose weights and inputs stay in the first cache. */
const longestDepth = 320;
/** What a call should be worth at least, in multiply-adds: some ten microseconds. */
const callWork = 1 << 18;
const module = "conv2d/float32";

/** One axis of a pass: which outputs it writes, which taps it sums, where they find their inputs. */
interface Axis {
  /** The first output, and how many; `stride` apart. */
  readonly first: number;
  readonly count: number;
  readonly stride: number;
  /** The first tap and the step to the next, in the kernel. */
  readonly tap: number;
  readonly tapStep: number;
  readonly taps: number;
  /** Where the first output's place is in the padded rows or columns. */
  readonly place: number;
  /** Of the table of offsets: place of a tap = (tap * scale + shift) divided by `by`, rest and quotient; `sign` of the quotient. */
  readonly scale: number;
  readonly shift: number;
  readonly by: number;
  readonly sign: number;
}

/** The output of a convolution or the gradient of its input: sums over taps and channels of padded planes. */
export function planConvolve(spec: Conv2dSpec, tileRows: number): Plan {
  const { kind, n, groups, inChannels, outChannels, kernel } = spec;
  const forward = kind === "forward";
  const kernelSize = kernel[0] * kernel[1];
  const [inGroup, outGroup] = [inChannels / groups, outChannels / groups];
  // "from" is read and "to" is written, whichever way the convolution goes.
  const [fromChannels, toChannels] = forward ? [inChannels, outChannels] : [outChannels, inChannels];
  const [fromGroup, toGroup] = forward ? [inGroup, outGroup] : [outGroup, inGroup];
  const [fromHeight, fromWidth] = forward ? [spec.height, spec.width] : [spec.outHeight, spec.outWidth];
  const [toHeight, toWidth] = forward ? [spec.outHeight, spec.outWidth] : [spec.height, spec.width];
  const [from, to] = forward ? [spec.input, spec.output] : [spec.output, spec.input];

  const rowsOf = forward ? forwardAxis(spec, 0) : gradientAxes(spec, 0);
  const columnsOf = forward ? forwardAxis(spec, 1) : gradientAxes(spec, 1);
  const planes = planesOf({
    channels: fromChannels,
    height: fromHeight,
    width: fromWidth,
    top: rowsOf.before,
    left: columnsOf.before,
    stride: forward ? spec.stride : [1, 1],
    phases: [rowsOf.phases, columnsOf.phases],
    rows: rowsOf.extent(1),
    columns: columnsOf.extent(span),
  });

  const copies = planes.imageBytes === 0 ? 1 : Math.ceil(n / Math.max(1, Math.floor(copyBytes / planes.imageBytes)));
  const images = Math.ceil(n / copies);
  const panels = Math.ceil(toGroup / tileRows);
  const copiesBytes = planes.imageBytes === 0 ? 0 : align(images * planes.imageBytes);
  let scratchBytes = copiesBytes;
  for (const rows of rowsOf.axes)
    for (const columns of columnsOf.axes) scratchBytes += passBytes(rows.taps * columns.taps);

  function passBytes(taps: number): number {
    return align(fromGroup * taps * 4) + align(groups * panels * tileRows * fromGroup * taps * 4);
  }

  function weightsJob(rows: Axis, columns: Axis, target: number): number[] {
    const k = fromGroup * rows.taps * columns.taps;
    const source = spec.weight + (rows.tap * kernel[1] + columns.tap) * 4;
    const groupBytes = outGroup * inGroup * kernelSize * 4;
    const panelBytes = tileRows * k * 4;
    if (forward) {
      return [jobKinds.matrix, groups * panels, source, target, groupBytes, k * 4, 4, toGroup, k, panels, panelBytes];
    }
    return [
      jobKinds.weights,
      groups * panels,
      source,
      target,
      panelBytes,
      panels,
      groupBytes,
      toGroup,
      kernelSize * 4,
      fromGroup,
      inGroup * kernelSize * 4,
      rows.taps,
      rows.tapStep * kernel[1] * 4,
      columns.taps,
      columns.tapStep * 4,
    ];
  }

  return {
    scratchBytes,
    steps(scratch) {
      const steps: Step[] = [];
      let jobs: number[][] = [];
      let prepareItems = 0;
      const prepare = () => {
        if (jobs.length === 0) return;
        steps.push({ module, entry: "prepare", block: prepareBlock(jobs), items: prepareItems, grain: 16 });
        jobs = [];
        prepareItems = 0;
      };
      const addJob = (job: number[]) => {
        if (1 + (jobs.length + 1) * jobWords > longestBlock) prepare();
        jobs.push(job);
        prepareItems += job[1] as number;
      };

      for (let image = 0; image < n; image += images) {
        const count = Math.min(images, n - image);
        const source = from + image * fromChannels * fromHeight * fromWidth * 4;
        if (planes.imageBytes > 0) addJob(planes.job(source, scratch, count * fromChannels));
        let at = scratch + copiesBytes;
        if (image === 0) {
          for (const rows of rowsOf.axes) {
            for (const columns of columnsOf.axes) {
              const taps = rows.taps * columns.taps;
              if (taps === 0) continue;
              addJob(tableJob(at, planes, rows, columns, fromGroup));
              addJob(weightsJob(rows, columns, at + align(fromGroup * taps * 4)));
              at += passBytes(taps);
            }
          }
          at = scratch + copiesBytes;
        }
        prepare();
        for (const rows of rowsOf.axes) {
          for (const columns of columnsOf.axes) {
            const taps = rows.taps * columns.taps;
            const k = fromGroup * taps;
            const rowSpans = Math.ceil(columns.count / span);
            const spans = rows.count * rowSpans;
            if (spans > 0) {
              const blocks = blocksOf(count * groups, toGroup, spans, k, tileRows);
              const items = count * groups * blocks.channelBlocks * blocks.spanBlocks;
              steps.push({
                module,
                entry: "convolve",
                block: [
                  blocks.channelBlocks,
                  blocks.spanBlocks,
                  blocks.channelBlock,
                  blocks.spanBlock,
                  groups,
                  toGroup,
                  spans,
                  rowSpans,
                  columns.count - span * (rowSpans - 1),
                  k,
                  depthOf(k),
                  at,
                  at + align(k * 4),
                  panels * tileRows * k * 4,
                  tileRows * k * 4,
                  (planes.imageBytes > 0 ? scratch : source) + rows.place * planes.rowBytes + columns.place * 4,
                  fromChannels * planes.planeBytes,
                  fromGroup * planes.planeBytes,
                  planes.rowBytes,
                  to + ((image * toChannels * toHeight + rows.first) * toWidth + columns.first) * 4,
                  toChannels * toHeight * toWidth * 4,
                  toGroup * toHeight * toWidth * 4,
                  toHeight * toWidth * 4,
                  rows.stride * toWidth * 4,
                  columns.stride * 4,
                ],
                items,
                grain: Math.max(
                  1,
                  Math.floor((callWork * items) / (count * toChannels * spans * span * Math.max(1, k))),
                ),
              });
            }
            if (taps > 0) at += passBytes(taps);
          }
        }
      }
      return steps;
    },
  };
}

const align = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/** Nearly equal depths, each a multiple of the unrolled loop's round. */
const depthOf = (k: number): number => 4 * Math.ceil(Math.ceil(k / Math.max(1, Math.ceil(k / longestDepth))) / 4);

function tableJob(target: number, planes: Planes, rows: Axis, columns: Axis, channels: number): number[] {
  return [
    jobKinds.table,
    channels,
    target,
    planes.planeBytes,
    rows.taps,
    rows.scale,
    rows.shift,
    rows.by,
    planes.phaseHBytes,
    rows.sign * planes.rowBytes,
    columns.taps,
    columns.scale,
    columns.shift,
    columns.by,
    planes.phaseWBytes,
    columns.sign * 4,
  ];
}

interface Axes {
  readonly axes: readonly Axis[];
  /** Zeros before the first row or column that is read. */
  readonly before: number;
  readonly phases: number;
  /** Rows or columns that are read, when outputs are taken `together` at a time. */
  extent(together: number): number;
}

function forwardAxis(spec: Conv2dSpec, axis: 0 | 1): Axes {
  const [kernel, stride, dilation] = [spec.kernel[axis], spec.stride[axis], spec.dilation[axis]];
  const count = axis === 0 ? spec.outHeight : spec.outWidth;
  let phases = 1;
  for (let tap = 1; tap < kernel && phases < stride; tap++) phases = Math.max(phases, ((tap * dilation) % stride) + 1);
  return {
    axes: [
      {
        first: 0,
        count,
        stride: 1,
        tap: 0,
        tapStep: 1,
        taps: kernel,
        place: 0,
        scale: dilation,
        shift: 0,
        by: stride,
        sign: 1,
      },
    ],
    before: spec.padding[axis],
    phases,
    extent: (together) => together * Math.ceil(count / together) + Math.floor(((kernel - 1) * dilation) / stride),
  };
}

/**
 * Input position i gets output o through tap t where i + padding = o * stride + t * dilation: the positions of each remainder of i + padding by
 * the stride have taps of their own, and neighbours among them take neighbouring outputs.
 */
function gradientAxes(spec: Conv2dSpec, axis: 0 | 1): Axes {
  const [kernel, stride, dilation, padding] = [
    spec.kernel[axis],
    spec.stride[axis],
    spec.dilation[axis],
    spec.padding[axis],
  ];
  const size = axis === 0 ? spec.height : spec.width;
  const tapStep = stride / gcd(stride, dilation);
  // With i + padding = remainder + stride * q, output o = q - back of the tap.
  const back = Math.floor(((kernel - 1) * dilation) / stride);
  const before = back - Math.floor(padding / stride);
  const axes: Axis[] = [];
  for (let remainder = 0; remainder < stride; remainder++) {
    const first = Math.ceil((padding - remainder) / stride);
    const end = Math.floor((size - 1 + padding - remainder) / stride) + 1;
    if (end <= first) continue;
    let tap = 0;
    while (tap < kernel && tap < tapStep && (tap * dilation) % stride !== remainder) tap++;
    const taps = tap < kernel && tap < tapStep ? Math.ceil((kernel - tap) / tapStep) : 0;
    axes.push({
      first: remainder + stride * first - padding,
      count: end - first,
      stride,
      tap,
      tapStep,
      taps,
      place: first + before,
      scale: (tapStep * dilation) / stride,
      shift: taps > 0 ? (tap * dilation - remainder) / stride : 0,
      by: 1,
      sign: -1,
    });
  }
  return {
    axes,
    before,
    phases: 1,
    extent: (together) => Math.max(...axes.map(({ place, count }) => place + together * Math.ceil(count / together))),
  };
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

/** Cut the work of `planes` images and groups: blocks whose inputs the second cache holds, enough of them for several threads. */
function blocksOf(
  planes: number,
  channels: number,
  spans: number,
  k: number,
  tileRows: number,
): { channelBlock: number; spanBlock: number; channelBlocks: number; spanBlocks: number } {
  let panels = Math.ceil(channels / tileRows);
  let spanBlock = Math.min(64, 2 * Math.ceil(spans / 2));
  for (;;) {
    const channelBlocks = Math.ceil(channels / (panels * tileRows));
    const spanBlocks = Math.ceil(spans / spanBlock);
    const enough = planes * channelBlocks * spanBlocks >= 16 || panels * tileRows * spanBlock * span * k <= callWork;
    if (enough || (panels === 1 && spanBlock <= 8)) {
      return { channelBlock: panels * tileRows, spanBlock, channelBlocks, spanBlocks };
    }
    if (spanBlock > 16 || panels === 1) spanBlock = 2 * Math.ceil(spanBlock / 4);
    else panels = Math.ceil(panels / 2);
  }
}
