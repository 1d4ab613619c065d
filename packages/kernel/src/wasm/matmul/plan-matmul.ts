import { hasRelaxedMadd } from "../features.ts";
import type { Plan, Step } from "../plan.ts";
import type { ElementType } from "./element.ts";
import { planVector } from "./plan-vector.ts";

/** A matrix of a batch: where it begins in bytes, and its strides in elements: batch, rows, columns. Any strides, 0 and negative too. */
export interface MatrixView {
  readonly address: number;
  readonly strides: readonly [batch: number, row: number, column: number];
}

export interface MatmulSpec {
  /** @defaultValue "float32" */
  readonly dtype?: ElementType;
  readonly batch: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** [batch, m, k] */
  readonly a: MatrixView;
  /** [batch, k, n] */
  readonly b: MatrixView;
  /** [batch, m, n]; must not overlap `a` or `b`, nor itself. */
  readonly c: MatrixView;
  /** C += A B instead of C = A B. */
  readonly accumulate?: boolean;
}

/** Columns of a panel of B are two vectors. */
const vectorBytes = 16;
/** Steps of k whose panels of A and B stay in the first cache. */
const longestDepth = 256;
/** What one work item should be worth at least, in multiply-adds, if there is enough for several threads. */
const itemWork = 1 << 18;
/** What a call should be worth at least, in multiply-adds: some ten microseconds. */
const callWork = 1 << 18;
/** Below so many columns of B, an A that lies along its columns is read where it is: packing would cost more than it brings. */
const fewColumns = 192;

/**
 * Below how many rows of A a B with this stride, in elements, is read where it is. Rows that begin in the middle of a vector are slower to read,
 * and rows whole pages apart meet in the same few places of the cache.
 */
function fewRows(stride: number, bytes: number): number {
  if ((stride * bytes) % 4096 === 0) return 28;
  return (stride * bytes) % vectorBytes === 0 ? 192 : 64;
}

/**
 * C = A B for a batch of matrices of any strides and sizes, each as one or two steps: pack what is not laid out well, multiply.
 *
 * The order of every sum depends on the spec alone.
 *
 * @example
 * const matrix = (address: number) => ({ address, strides: [0, 64, 1] }) as const;
 * const plan = planMatmul({ batch: 1, m: 64, n: 64, k: 64, a: matrix(0), b: matrix(16384), c: matrix(32768) });
 * const scratch = 49152;
 * for (const { module, entry, block, items } of plan.steps(scratch)) console.log(module, entry, block.length, items);
 */
export function planMatmul(spec: MatmulSpec, { relaxedMadd = hasRelaxedMadd() } = {}): Plan {
  const { dtype = "float32", k, accumulate = false } = spec;
  const bytes = dtype === "float64" ? 8 : 4;
  const tileRows = dtype !== "int32" && relaxedMadd ? 6 : 4;
  const lanes = vectorBytes / bytes;
  const tileColumns = 2 * lanes;

  let { batch, m, n } = spec;
  if (batch === 0 || m === 0 || n === 0) return nothing;
  let [aBatch, aRow, aK] = spec.a.strides;
  let [bBatch, bK, bColumn] = spec.b.strides;
  let [cBatch, cRow, cColumn] = spec.c.strides;
  let [aAddress, bAddress] = [spec.a.address, spec.b.address];
  // A size of 1 has no stride of its own: take the most convenient.
  if (k === 1) [aK, bK] = [1, 1];
  if (batch > 1 && bBatch === 0 && (m === 1 || (aBatch === m * aRow && cBatch === m * cRow))) {
    if (m === 1) [aRow, cRow] = [aBatch, cBatch];
    m *= batch;
    batch = 1;
  }
  if (m === 1 || n === 1) {
    const [rows, matrix, vector] = n === 1 ? ([m, spec.a, spec.b] as const) : ([n, spec.b, spec.a] as const);
    const column = n === 1;
    const plan = planVector({
      module: `matmul/${dtype}`,
      bytes,
      batch,
      rows,
      k,
      matrix: {
        address: matrix.address,
        batch: bytes * (column ? aBatch : bBatch),
        row: rows === 1 ? bytes : bytes * (column ? aRow : bColumn),
        k: bytes * (column ? aK : bK),
      },
      vector: { address: vector.address, batch: bytes * (column ? bBatch : aBatch), k: bytes * (column ? bK : aK) },
      result: {
        address: spec.c.address,
        batch: bytes * cBatch,
        row: rows === 1 ? bytes : bytes * (column ? cRow : cColumn),
      },
      accumulate,
    });
    if (plan) return plan;
  }
  // Rows of C that lie across memory are columns of its transpose: Cᵀ = Bᵀ Aᵀ.
  if (cColumn !== 1 && n > 1 && (cRow === 1 || m === 1)) {
    [m, n] = [n, m];
    [aAddress, bAddress] = [bAddress, aAddress];
    [aBatch, bBatch] = [bBatch, aBatch];
    [aRow, bColumn] = [bColumn, aRow];
    [aK, bK] = [bK, aK];
    [cRow, cColumn] = [cColumn, cRow];
  }

  const directB = bColumn === 1 && m < fewRows(bK, bytes);
  const directA = aK === 1 || (aRow === 1 && n < fewColumns);
  const kind = directA && aK === 1 ? "multiplyRows" : "multiplyPanels";
  const rows = directA ? Math.ceil(m / Math.ceil(m / tileRows)) : tileRows;
  const ragged = n % tileColumns;
  const edge = directB && n % lanes !== 0 ? ragged : 0;

  const bPanels = directB ? (edge > 0 ? 1 : 0) : Math.ceil(n / tileColumns);
  const aPanels = directA ? 0 : Math.ceil(m / tileRows);
  const bPanelBytes = k * tileColumns * bytes;
  const aPanelBytes = k * tileRows * bytes;
  const bItems = bPanels * (bBatch === 0 ? 1 : batch);
  const aItems = aPanels * (aBatch === 0 ? 1 : batch);
  const bBytes = Math.ceil((bItems * bPanelBytes) / 64) * 64;
  const aBytes = aItems * aPanelBytes;

  const blocks = blocksOf(batch, m, n, k, rows, tileColumns);
  const depth = 4 * Math.ceil(Math.ceil(k / Math.max(1, Math.ceil(k / longestDepth))) / 4);
  const items = batch * blocks.rowBlocks * blocks.columnBlocks;
  const module = `matmul/${dtype}`;
  const cAddress = spec.c.address;

  return {
    scratchBytes: bBytes + aBytes,
    steps(scratch) {
      const steps: Step[] = [];
      const packedA = scratch + bBytes;
      if (k > 0 && bItems + aItems > 0) {
        steps.push({
          module,
          entry: "pack",
          block: [
            bItems,
            edge > 0 ? bAddress + (n - edge) * bytes : bAddress,
            scratch,
            bBatch * bytes,
            bColumn * bytes,
            bK * bytes,
            edge > 0 ? edge : n,
            k,
            Math.max(1, bPanels),
            bPanelBytes,
            aItems,
            aAddress,
            packedA,
            aBatch * bytes,
            aRow * bytes,
            aK * bytes,
            m,
            k,
            Math.max(1, aPanels),
            aPanelBytes,
          ],
          items: bItems + aItems,
          grain: Math.ceil(callWork / (16 * k * tileColumns)),
        });
      }
      steps.push({
        module,
        entry: kind,
        block: [
          blocks.rowBlocks,
          blocks.columnBlocks,
          blocks.rowBlock,
          blocks.columnBlock,
          m,
          n,
          k,
          depth,
          rows,
          directA ? aAddress : packedA,
          directA ? aBatch * bytes : aBatch === 0 ? 0 : aPanels * aPanelBytes,
          directA ? rows * aRow * bytes : aPanelBytes,
          aRow * bytes,
          directA ? aK * bytes : tileRows * bytes,
          directB ? bAddress : scratch,
          directB ? bBatch * bytes : bBatch === 0 ? 0 : bPanels * bPanelBytes,
          directB ? tileColumns * bytes : bPanelBytes,
          directB ? bK * bytes : tileColumns * bytes,
          edge > 0 ? scratch : 0,
          edge > 0 && bBatch !== 0 ? bPanelBytes : 0,
          cAddress,
          cBatch * bytes,
          cRow * bytes,
          cColumn * bytes,
          accumulate ? 1 : 0,
        ],
        items,
        grain: Math.max(1, Math.floor((callWork * items) / (batch * m * n * Math.max(1, k)))),
      });
      return steps;
    },
  };
}

const nothing: Plan = { scratchBytes: 0, steps: () => [] };

/** Cut C into blocks: small enough that two caches hold what one takes, and that several threads can share the work. */
function blocksOf(
  batch: number,
  m: number,
  n: number,
  k: number,
  rows: number,
  tileColumns: number,
): { rowBlock: number; columnBlock: number; rowBlocks: number; columnBlocks: number } {
  let rowTiles = Math.min(Math.ceil(m / rows), 24);
  let columnTiles = Math.min(Math.ceil(n / tileColumns), 32);
  let rowBlocks = 1;
  let columnBlocks = 1;
  for (;;) {
    rowBlocks = Math.ceil(m / (rowTiles * rows));
    columnBlocks = Math.ceil(n / (columnTiles * tileColumns));
    const work = rowTiles * rows * columnTiles * tileColumns * k;
    if (batch * rowBlocks * columnBlocks >= 16 || work <= 2 * itemWork) break;
    if (columnTiles * tileColumns >= rowTiles * rows && columnTiles > 1) columnTiles = Math.ceil(columnTiles / 2);
    else if (rowTiles > 1) rowTiles = Math.ceil(rowTiles / 2);
    else if (columnTiles > 1) columnTiles = Math.ceil(columnTiles / 2);
    else break;
  }
  return { rowBlock: rowTiles * rows, columnBlock: columnTiles * tileColumns, rowBlocks, columnBlocks };
}
