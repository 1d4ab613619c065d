import type { LinePoint } from "./cubic-interpolate.ts";
import type { FlatSpace, Vector } from "./flat-space.ts";
import { lossOf } from "./loss-of.ts";
import { type SearchLimits, strongWolfe } from "./strong-wolfe.ts";
import { dot, negated } from "./vector-formulas.ts";

/** What is known at a point: the loss and its gradient, both to be made small. */
export interface Point {
  readonly f: number;
  readonly gradient: Vector;
}

/** The loss as a function of the parameters: moves them, and calls the closure there. */
export class Objective {
  /** Calls of the closure. */
  evaluations = 0;
  readonly #space: FlatSpace;
  readonly #closure: () => unknown;
  readonly #maximize: boolean;

  constructor(space: FlatSpace, closure: () => unknown, { maximize }: { maximize: boolean }) {
    this.#space = space;
    this.#closure = closure;
    this.#maximize = maximize;
  }

  /** What is known where the parameters are, from what the closure returned there. */
  async pointOf(returned: unknown): Promise<Point> {
    const space = this.#space;
    const loss = await lossOf(returned);
    this.evaluations++;
    const gradient = space.take();
    space.scope(() => {
      const raw = space.gradient();
      space.assign(gradient, this.#maximize ? space.compute(negated, [raw]) : raw);
    });
    return { f: this.#maximize ? -loss : loss, gradient };
  }

  /** Where the parameters come to from `point` along `direction`. The point's gradient is given back. */
  async step(point: Point, direction: Vector, t: number): Promise<Point> {
    this.#space.moveAlong(direction, t);
    this.#space.giveBack(point.gradient);
    return this.pointOf(await this.#closure());
  }

  /**
   * Where a line search from `point` along `direction` ends. The gradients of all other points are given back. Where a closure fails, the
   * parameters are back at the start.
   */
  async search(point: Point, direction: Vector, limits: SearchLimits & { slope: number }): Promise<Point & LinePoint> {
    const space = this.#space;
    const start = { ...point, t: 0, slope: limits.slope };
    let known: (Point & LinePoint)[] = [start];
    const keep = (kept: readonly Point[]): void => {
      for (const each of known) if (!kept.includes(each)) space.giveBack(each.gradient);
      known = known.filter((each) => kept.includes(each));
    };
    space.setStart();
    const probe = async (t: number, kept: readonly Point[]): Promise<Point & LinePoint> => {
      keep(kept);
      space.moveFromStart(direction, t);
      const there = await this.pointOf(await this.#closure());
      const { slope } = await space.read(() => ({ slope: space.compute(dot, [there.gradient, direction]) }));
      const probed = { ...there, t, slope };
      known.push(probed);
      return probed;
    };
    try {
      const found = await strongWolfe(start, limits, probe);
      keep([found]);
      space.moveFromStart(direction, found.t);
      return found;
    } catch (error) {
      space.backToStart();
      throw error;
    }
  }
}
