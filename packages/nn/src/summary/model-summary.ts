/** One module of a {@link ModelSummary}. */
export interface SummaryRow {
  /** Dotted name; "" is the model itself. */
  readonly path: string;
  /** Its class. */
  readonly kind: string;
  /** Of the last call's results, in order. */
  readonly outputShapes: readonly (readonly number[])[];
  /** Numbers it learns, without those of the modules inside, and shared ones only where they come first. */
  readonly parameters: number;
  /** Those that want a gradient. */
  readonly trainable: number;
  /** Multiply-accumulate operations of all its calls, without those of the modules inside. */
  readonly macs: number;
  /** How many times `forward` was called. */
  readonly calls: number;
}

/** What `summary` found: a row for each module, and totals. As text it is a table. */
export class ModelSummary {
  readonly rows: readonly SummaryRow[];
  /** All numbers the model learns. */
  readonly parameters: number;
  /** Those that want a gradient. */
  readonly trainable: number;
  /** Multiply-accumulate operations of one `forward`. */
  readonly macs: number;

  constructor(rows: readonly SummaryRow[]) {
    this.rows = rows;
    this.parameters = total(rows, "parameters");
    this.trainable = total(rows, "trainable");
    this.macs = total(rows, "macs");
  }

  toString(): string {
    const head = ["Layer", "Output shape", "Parameters", "MACs"];
    const lines = this.rows.map(cellsOf);
    const widths = head.map((title, column) =>
      Math.max(title.length, ...lines.map((cells) => (cells[column] as string).length)),
    );
    const line = (cells: readonly string[]): string =>
      cells
        .map((cell, i) => (i < 2 ? cell.padEnd(widths[i] as number) : cell.padStart(widths[i] as number)))
        .join("  ")
        .trimEnd();
    const rule = "─".repeat(widths.reduce((sum, width) => sum + width, 2 * (widths.length - 1)));
    const frozen = this.parameters - this.trainable;
    return [
      line(head),
      rule,
      ...lines.map(line),
      rule,
      `Parameters: ${grouped(this.parameters)}${frozen > 0 ? `, ${grouped(frozen)} of them frozen` : ""}`,
      `Multiply-accumulate operations: ${grouped(this.macs)}`,
    ].join("\n");
  }

  /** What Node's `console.log` shows. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

const total = (rows: readonly SummaryRow[], key: "parameters" | "trainable" | "macs"): number =>
  rows.reduce((sum, row) => sum + row[key], 0);

const grouped = (count: number): string => count.toLocaleString("en-US");

function cellsOf({ path, kind, outputShapes, parameters, macs, calls }: SummaryRow): string[] {
  const names = path.split(".");
  const name = path === "" ? kind : `${"  ".repeat(names.length)}${names.at(-1)}: ${kind}`;
  const shapes = outputShapes.map((shape) => `[${shape.join(", ")}]`).join(", ");
  return [
    name,
    calls === 0 ? "not called" : calls === 1 ? shapes : `${shapes} x ${calls}`,
    parameters === 0 ? "-" : grouped(parameters),
    macs === 0 ? "-" : grouped(macs),
  ];
}
