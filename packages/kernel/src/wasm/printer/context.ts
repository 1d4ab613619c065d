import type { DistinctNode } from "../../distinct-nodes.ts";
import type { ScalarType } from "../../dtype.ts";
import type { FunctionBuilder, Local, Point, ValueType } from "../assembler/function-builder.ts";
import type { BlockLayout, HeaderWord } from "./parameter-block.ts";
import type { Axis, Cursor, Plan } from "./plan.ts";

/** Functions the printed code calls: the host's, and those printed beside it. */
export type Functions = ReadonlyMap<string, number>;

/**
 * What all parts of the printer share while they write one function. Everything that stays the same during a call (arguments, constants,
 * sizes, strides) is kept in a local variable, filled where the function starts the first time it is asked for.
 */
export class Context {
  readonly f: FunctionBuilder;
  readonly plan: Plan;
  readonly lanes: 2 | 4;
  readonly relaxed: boolean;
  readonly functions: Functions;
  /** Where values that last for the whole call are computed. */
  readonly entry: Point;
  /** Values of nodes made of constants and arguments. */
  readonly fixed = new Map<DistinctNode, Local>();
  /** Which nodes change along each axis, as far as it was asked. */
  readonly dependence: Readonly<Record<Axis, Map<DistinctNode, boolean>>> = { kept: new Map(), reduced: new Map() };
  readonly #layout: BlockLayout;
  readonly #block: Local;
  readonly #held = new Map<string, Local>();
  readonly #free: Record<ValueType, Local[]> = { i32: [], i64: [], f32: [], f64: [], v128: [] };

  constructor(
    f: FunctionBuilder,
    plan: Plan,
    options: { layout: BlockLayout; block: Local; relaxed: boolean; functions: Functions },
  ) {
    this.f = f;
    this.plan = plan;
    this.lanes = plan.lanes;
    this.relaxed = options.relaxed;
    this.functions = options.functions;
    this.#layout = options.layout;
    this.#block = options.block;
    this.entry = f.point();
  }

  /** Runs `body` with local variables that are free again behind it. */
  temporary(types: readonly ValueType[], body: (...locals: Local[]) => void): void {
    const locals = types.map((type) => this.#free[type].pop() ?? this.f.local(type));
    body(...locals);
    types.forEach((type, i) => {
      this.#free[type].push(locals[i] as Local);
    });
  }

  header(name: HeaderWord): Local {
    return this.#word(this.#layout.header[name]);
  }

  /** The size of dimension `dim` of the block. */
  size(dim: number): Local {
    return this.#word(this.#layout.sizes + dim);
  }

  /** Pushes where a cursor starts. */
  pushStart(cursor: Cursor): void {
    this.f.get(this.#block).memory("i32.load", 4 * (this.#layout.cursors.get(cursor) as number));
  }

  /** How far a cursor moves in `times` steps along a dimension. */
  stride(cursor: Cursor, dim: number, times = 1): Local {
    const word = (this.#layout.cursors.get(cursor) as number) + 1 + dim;
    if (times === 1) return this.#word(word);
    const { f } = this;
    return this.held(`stride ${word} ${times}`, "i32", () => f.get(this.#word(word)).i32(times).op("i32.mul"));
  }

  /** Vector of how far each lane's cursor is from the first lane's, for lanes along a dimension. */
  laneSteps(cursor: Cursor, dim: number): Local {
    const { f } = this;
    const stride = this.stride(cursor, dim);
    return this.held(`steps ${stride}`, "v128", () => {
      f.get(stride).op("i32x4.splat").get(this.laneNumbers()).op("i32x4.mul");
    });
  }

  /** The vector 0, 1, 2, 3. */
  laneNumbers(): Local {
    return this.bytes([0, 1, 2, 3].flatMap((i) => [i, 0, 0, 0]));
  }

  /** The size a bound compares with, in every lane. */
  boundSize(cursor: Cursor): Local {
    const word = this.#layout.boundSizes.get(cursor) as number;
    return this.held(`bound ${word}`, "v128", () => {
      this.f.get(this.#block).memory("v128.load32_splat", 4 * word);
    });
  }

  /** An argument in every lane. */
  argument(index: number, type: ScalarType): Local {
    const word = this.#layout.args[index] as number;
    const is64 = type === "f64" || type === "i64";
    return this.held(`argument ${word}`, "v128", () => {
      this.f.get(this.#block).memory(is64 ? "v128.load64_splat" : "v128.load32_splat", 4 * word);
    });
  }

  /** 16 constant bytes. */
  bytes(bytes: readonly number[]): Local {
    return this.held(`bytes ${bytes.join()}`, "v128", () => this.f.v128(bytes));
  }

  /** The local variable that keeps, from the function's start on, what `push` pushes. */
  held(key: string, type: ValueType, push: () => void): Local {
    const known = this.#held.get(key);
    if (known !== undefined) return known;
    const local = this.f.local(type);
    this.f.at(this.entry, () => {
      push();
      this.f.set(local);
    });
    this.#held.set(key, local);
    return local;
  }

  /** The dimension of the block that lanes along an axis follow. */
  dimension(axis: Axis): number {
    return axis === "kept" ? this.plan.kept - 1 : this.plan.kept + this.plan.reduced - 1;
  }

  #word(word: number): Local {
    return this.held(`word ${word}`, "i32", () => this.f.get(this.#block).memory("i32.load", 4 * word));
  }
}
