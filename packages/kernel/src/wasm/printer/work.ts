import type { Launch } from "../../kernel.ts";
import type { Work } from "./parameter-block.ts";
import type { Plan } from "./plan.ts";

/** How the units of a launch are made: tiles of points, single outputs, or runs of neighbouring outputs. */
export type Traversal =
  | { readonly by: "tiles"; readonly rowMajor: boolean }
  /** With `columns`, launches that reduce little to one output may run by columns instead. */
  | { readonly by: "outputs"; readonly columns?: number }
  | { readonly by: "columns"; readonly columns: number };

/** Up to so many elements, going from one output to the next costs more than loading the elements of neighbouring outputs one by one. */
const fewReduced = 32;

/** Points of a unit where nothing speaks for less: long enough that its start costs nothing, short enough to share out. */
const unitPoints = 4096;

/**
 * Rows and columns of a unit where a view runs along the rows. Each column is then a stream of its own in memory: few enough to have a place
 * in a cache of 12 ways even where their distance is a power of two, and long enough to be prefetched.
 */
const crossedTile = { rows: 256, columns: 8 };

const largestItem = 2147483647;

/**
 * Cuts launches into units. A unit is computed as a whole by one call of `run`, the one whose range holds the unit's first item, so that
 * results do not depend on how the range is cut.
 */
export function workCutter(plan: Plan, traversal: Traversal): (launch: Launch<number>) => Work {
  const { kept } = plan;
  const { rank } = plan.kernel;
  const work: Work = {
    items: 0,
    units: 0,
    weight: 1,
    tileRows: 1,
    tileColumns: 1,
    rowTiles: 1,
    columnTiles: 1,
    rowAxis: -1,
    byColumns: traversal.by === "columns" ? 1 : 0,
  };
  const byColumns = (columns: number, columnsOfUnit: number, points: number): void => {
    work.byColumns = 1;
    work.tileColumns = columnsOfUnit;
    work.columnTiles = Math.ceil(columns / columnsOfUnit);
    work.units = points === 0 ? 0 : (points / columns) * work.columnTiles;
  };
  const tiles = (launch: Launch<number>, columns: number, points: number): void => {
    const { shape } = launch;
    work.tileColumns = Math.max(1, Math.min(columns, unitPoints));
    work.tileRows = 1;
    work.rowTiles = 1;
    work.rowAxis = -1;
    if (kept > 1) {
      work.rowAxis = kept - 2;
      const { by } = traversal;
      const rowMajor = by === "tiles" && traversal.rowMajor;
      const crossed = rowMajor ? -1 : crossedAxis(plan, launch);
      if (crossed >= 0) {
        work.rowAxis = crossed;
        work.tileRows = crossedTile.rows;
        work.tileColumns = crossedTile.columns;
      } else if (!rowMajor) {
        for (let d = kept - 3; d >= 0; d--) {
          if ((shape[d] as number) > (shape[work.rowAxis] as number)) work.rowAxis = d;
        }
        work.tileRows = Math.max(1, Math.floor(unitPoints / work.tileColumns));
      }
      work.rowTiles = Math.ceil((shape[work.rowAxis] as number) / work.tileRows);
    }
    work.columnTiles = Math.ceil(columns / work.tileColumns);
    const row = work.rowAxis < 0 ? 1 : (shape[work.rowAxis] as number);
    work.units = points === 0 ? 0 : (points / (columns * row)) * work.rowTiles * work.columnTiles;
  };
  return (launch) => {
    const { shape } = launch;
    let points = 1;
    for (let d = 0; d < rank; d++) points *= shape[d] as number;
    let reduced = 1;
    for (let d = rank; d < shape.length; d++) reduced *= shape[d] as number;
    const columns = rank === 0 ? 1 : (shape[rank - 1] as number);
    work.items = Math.min(largestItem, points * Math.max(1, reduced));
    switch (traversal.by) {
      case "tiles":
        tiles(launch, columns, points);
        break;
      case "columns":
        byColumns(columns, traversal.columns, points);
        break;
      case "outputs":
        if (traversal.columns !== undefined && reduced <= fewReduced && columns >= plan.lanes) {
          byColumns(columns, traversal.columns, points);
        } else {
          work.byColumns = 0;
          work.units = points;
        }
    }
    work.weight = Math.max(1, Math.floor(work.items / Math.max(1, work.units)));
    return work;
  };
}

/** The dimension along which some view runs with shorter steps than along the last one, which it crosses in long strides; -1 if none. */
function crossedAxis({ kept, cursors }: Plan, { shape, inputs, outputs }: Launch<number>): number {
  for (const { kind, side, index, layouts, unit } of cursors) {
    if (kind !== "address" || layouts.kept !== "strided") continue;
    const strides = (side === "inputs" ? inputs[index] : outputs[index])?.strides as readonly number[];
    const step = Math.abs(strides[kept - 1] as number) * unit;
    if (step < 64) continue;
    for (let d = kept - 2; d >= 0; d--) {
      const along = Math.abs(strides[d] as number) * unit;
      if (along > 0 && along < 64 && (shape[d] as number) >= 4) return d;
    }
  }
  return -1;
}
