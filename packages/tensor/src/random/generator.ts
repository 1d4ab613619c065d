import { OptionError } from "../core/errors.ts";

/** All that a generator is: what a checkpoint saves. */
export interface GeneratorState {
  /** An integer from 0 to 2^53 - 1. */
  readonly seed: number;
  /** How many draws have been made: the number of the next stream. */
  readonly offset: number;
}

/**
 * A source of random numbers. Counter-based (Philox): the numbers of a draw follow from the seed, the number of the draw and the position
 * in the tensor, so they are the same on every device, however the work is divided.
 *
 * @param seed - an integer from 0 to 2^53 - 1; left out, one is chosen at random
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.Generator.html | torch.Generator}
 * @example
 * const generator = new Generator(7);
 * const x = rand([3], { generator });
 */
export class Generator {
  #seed: number;
  #offset = 0;

  constructor(seed: number = chooseSeed()) {
    this.#seed = checkCount("Generator", "seed", seed);
  }

  /** The seed it started from. */
  get seed(): number {
    return this.#seed;
  }

  /** Start again from another seed. */
  manualSeed(seed: number): this {
    this.#seed = checkCount("manualSeed", "seed", seed);
    this.#offset = 0;
    return this;
  }

  /** Where it is, to be given to {@link setState} later. */
  getState(): GeneratorState {
    return { seed: this.#seed, offset: this.#offset };
  }

  /** Go back (or on) to a state. */
  setState({ seed, offset }: GeneratorState): this {
    this.#seed = checkCount("setState", "seed", seed);
    this.#offset = checkCount("setState", "offset", offset);
    return this;
  }

  /** @internal The next draw: seed and stream as 32-bit words, low word first. */
  nextStream(): readonly [seedLow: number, seedHigh: number, streamLow: number, streamHigh: number] {
    const stream = this.#offset++;
    return [this.#seed >>> 0, Math.floor(this.#seed / 2 ** 32), stream >>> 0, Math.floor(stream / 2 ** 32)];
  }
}

let current: Generator | null = null;

/** The generator in use where none is given. */
export function defaultGenerator(): Generator {
  current ??= new Generator();
  return current;
}

/**
 * Start the default generator from a seed: from here on the same draws give the same numbers, on every device.
 *
 * @param seed - an integer from 0 to 2^53 - 1
 * @returns the default generator
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.manual_seed.html | torch.manual_seed}
 * @example
 * manualSeed(0);
 * const a = rand([2]);
 * manualSeed(0);
 * const b = rand([2]); // the numbers of a
 */
export const manualSeed = (seed: number): Generator => defaultGenerator().manualSeed(seed);

const chooseSeed = (): number => Math.floor(Math.random() * 2 ** 53);

function checkCount(where: string, what: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new OptionError(where, `the ${what} is ${value}`, "Give an integer from 0 to 2^53 - 1.");
  }
  return value;
}
