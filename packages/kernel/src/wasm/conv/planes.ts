import { jobKinds, jobWords } from "./prepare.ts";

/** Planes as the kernels read them: padded copies in scratch memory, or the tensor itself where it needs no padding. */
export interface Planes {
  /** Bytes of the copy of one image; 0 when the tensor is read where it lies. */
  readonly imageBytes: number;
  readonly planeBytes: number;
  readonly rowBytes: number;
  /** Bytes from a row remainder's plane to the next, and from a column remainder's. */
  readonly phaseHBytes: number;
  readonly phaseWBytes: number;
  /** The job of `prepare` that copies `count` planes. */
  job(source: number, target: number, count: number): number[];
}

export interface PlanesSpec {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly top: number;
  readonly left: number;
  readonly stride: readonly [number, number];
  /** Remainders of rows and columns by the stride that are read. */
  readonly phases: readonly [number, number];
  /** Rows and columns that are read, of each remainder. */
  readonly rows: number;
  readonly columns: number;
}

export function planesOf(spec: PlanesSpec): Planes {
  const { channels, height, width, top, left, rows, columns } = spec;
  const [strideH, strideW] = spec.stride;
  const [phasesH, phasesW] = spec.phases;
  const direct = top === 0 && left === 0 && strideH === 1 && strideW === 1 && rows <= height && columns <= width;
  const phaseWBytes = rows * columns * 4;
  // Zeros are written in vectors, up to three past the end. Planes a multiple of 1 KiB apart would meet in few sets of the cache.
  let planeBytes = Math.ceil((phasesH * phasesW * phaseWBytes + 12) / 16) * 16;
  if (planeBytes % 1024 < 64) planeBytes += 64;
  if (direct) planeBytes = height * width * 4;
  return {
    imageBytes: direct ? 0 : channels * planeBytes,
    planeBytes,
    rowBytes: (direct ? width : columns) * 4,
    phaseHBytes: phasesW * phaseWBytes,
    phaseWBytes,
    job: (source, target, count) => [
      jobKinds.planes,
      count,
      source,
      target,
      height * width * 4,
      planeBytes,
      height,
      width,
      top,
      left,
      strideH,
      strideW,
      phasesH,
      phasesW,
      rows,
      columns,
    ],
  };
}

/** The parameter block of `prepare`. */
export function prepareBlock(jobs: readonly (readonly number[])[]): number[] {
  const block = [jobs.length];
  for (const job of jobs) {
    for (const word of job) block.push(word);
    for (let i = job.length; i < jobWords; i++) block.push(0);
  }
  return block;
}
