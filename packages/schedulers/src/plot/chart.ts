/** How values lie on an axis: which numbers to write at it, and where between its ends a value is. */
export interface Axis {
  readonly ticks: readonly number[];
  /** From 0 at the low end to 1 at the high end; NaN for what has no place, such as 0 on a logarithmic axis. */
  place(value: number): number;
}

export interface Line {
  readonly name: string;
  /** Its value at each of the chart's `steps`. */
  readonly rates: readonly number[];
}

/** What a picture shows, whatever it is drawn with. */
export interface Chart {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly steps: readonly number[];
  readonly lines: readonly Line[];
  readonly x: Axis;
  readonly y: Axis;
}
