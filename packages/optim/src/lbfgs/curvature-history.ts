import type { ParameterState } from "../parameter-state.ts";
import type { FlatSpace, Vector } from "./flat-space.ts";
import { constant, difference, dot, negated, plusTimes, product, times } from "./vector-formulas.ts";

/** A curvature that is not clearly positive would spoil the direction: such a move is not remembered. */
const leastCurvature = 1e-10;

/**
 * The last moves and how the gradient changed along each: what L-BFGS knows of the curvature. Kept in the state under PyTorch's names: `old_stps`
 * the moves s, `old_dirs` the changes y (not directions), `ro` 1 / y·s, `H_diag` the scale y·s / y·y, `d` the direction.
 */
export class CurvatureHistory {
  readonly direction: Vector;
  readonly #space: FlatSpace;
  readonly #state: ParameterState<Record<string, number>>;
  readonly #scale: Vector;
  readonly #changes: Vector[];
  readonly #moves: Vector[];
  readonly #inverses: Vector[];

  constructor(space: FlatSpace, state: ParameterState<Record<string, number>>) {
    this.#space = space;
    this.#state = state;
    this.direction = state.slot("d", () => space.take());
    this.#scale = state.slot("H_diag", () => space.scalar());
    this.#changes = state.list("old_dirs");
    this.#moves = state.list("old_stps");
    this.#inverses = state.list("ro");
  }

  /** Know nothing: the direction is the steepest descent. */
  clear(): void {
    this.#set(this.#scale, 1);
    for (const list of [this.#changes, this.#moves, this.#inverses]) list.length = 0;
  }

  /** Take in the last move, `t` times the direction, between two gradients. */
  async add(before: Vector, after: Vector, t: number, size: number): Promise<void> {
    const space = this.#space;
    // PyTorch keeps room for the factors of the recursion.
    this.#state.lists.set("al", new Array(size).fill(null));
    const [change, move] = [space.take(), space.take()];
    const { ys, yy } = await space.read(() => {
      space.assign(change, space.compute(difference, [after, before]));
      space.assign(move, space.compute(times, [this.direction], [t]));
      return { ys: space.compute(dot, [change, move]), yy: space.compute(dot, [change, change]) };
    });
    if (!(ys > leastCurvature)) {
      space.giveBack(change, move);
      return;
    }
    let oldest: Vector;
    while (this.#changes.length >= size) {
      space.giveBack(this.#changes.shift(), this.#moves.shift());
      oldest = this.#inverses.shift();
    }
    const inverse = oldest ?? space.scalar();
    this.#set(inverse, 1 / ys);
    this.#set(this.#scale, ys / yy);
    this.#changes.push(change);
    this.#moves.push(move);
    this.#inverses.push(inverse);
  }

  /** Put the quasi-Newton direction at `gradient` into `direction`, by the two-loop recursion. */
  findDirection(gradient: Vector): void {
    const space = this.#space;
    space.scope(() => {
      const factors: Vector[] = [];
      let q = space.compute(negated, [gradient]);
      for (let i = this.#moves.length - 1; i >= 0; i--) {
        const along = space.compute(dot, [this.#moves[i], q]);
        factors[i] = space.compute(product, [along, this.#inverses[i]]);
        q = space.compute(plusTimes, [q, this.#changes[i], space.compute(negated, [factors[i]])]);
      }
      let r = space.compute(product, [q, this.#scale]);
      for (let i = 0; i < this.#moves.length; i++) {
        const along = space.compute(dot, [this.#changes[i], r]);
        const factor = space.compute(product, [along, this.#inverses[i]]);
        r = space.compute(plusTimes, [r, this.#moves[i], space.compute(difference, [factors[i], factor])]);
      }
      space.assign(this.direction, r);
    });
  }
  #set(scalar: Vector, value: number): void {
    const space = this.#space;
    space.scope(() => space.assign(scalar, space.compute(constant, [scalar], [value])));
  }
}
