import { type Averageable, type AverageableModel, isAverageable } from "./averageable.ts";
import { hostOf } from "./hosts/host.ts";

/** A parameter or buffer of a model. */
export interface Member {
  readonly name: string;
  readonly value: Averageable;
  readonly isBuffer: boolean;
}

/**
 * Parameters, then buffers; each once.
 *
 * @throws {TypeError} if it is no model, or one of them cannot be averaged
 */
export function membersOf(where: string, model: AverageableModel): Member[] {
  const seen = new Set<Averageable>();
  return namedMembersOf(where, model, true).filter(({ value }) => !seen.has(value) && seen.add(value));
}

/** Parameters, then buffers; with `removeDuplicate: false` those that are shared under all their names. */
export function namedMembersOf(where: string, model: AverageableModel, removeDuplicate: boolean): Member[] {
  if (typeof model?.namedParameters !== "function") {
    throw new TypeError(
      `${where}: the model has no namedParameters(). Give a module, or { namedParameters: () => [["weight", array]] }.`,
    );
  }
  const options = { removeDuplicate };
  const parameters = [...model.namedParameters(options)].map((entry) => memberOf(where, entry, false));
  const buffers = [...buffersOf(model, options)].map((entry) => memberOf(where, entry, true));
  return [...parameters, ...buffers];
}

function buffersOf(model: AverageableModel, options: { removeDuplicate: boolean }): (readonly [string, Averageable])[] {
  if (model.namedBuffers) return [...model.namedBuffers(options)];
  return [...(model.buffers?.() ?? [])].map((buffer, i) => [`buffers.${i}`, buffer]);
}

function memberOf(where: string, [name, value]: readonly [string, Averageable], isBuffer: boolean): Member {
  if (!isAverageable(value)) {
    throw new TypeError(
      `${where}: ${name} is neither a typed array nor a tensor with detach(), zeros(), copy_() and lerp_().`,
    );
  }
  return { name, value, isBuffer };
}

/** @throws {RangeError} unless both have as many members, each of the same shape, in the same order */
export function checkSameMembers(where: string, averages: readonly Member[], members: readonly Member[]): void {
  const count = (all: readonly Member[], isBuffer: boolean): number =>
    all.filter((member) => member.isBuffer === isBuffer).length;
  for (const [isBuffer, what] of [
    [false, "parameters"],
    [true, "buffers"],
  ] as const) {
    const [ours, theirs] = [count(averages, isBuffer), count(members, isBuffer)];
    if (ours !== theirs) {
      throw new RangeError(
        `${where}: the model has ${theirs} ${what}, the averaged one ${ours}. They need the same structure.`,
      );
    }
  }
  members.forEach(({ name, value }, i) => {
    const average = averages[i]?.value ?? value;
    const [ours, theirs] = [hostOf(average).shapeOf(average).join(", "), hostOf(value).shapeOf(value).join(", ")];
    if (ours !== theirs) {
      throw new RangeError(
        `${where}: ${name} of the model has the shape [${theirs}], its average [${ours}]. They need the same structure.`,
      );
    }
  });
}
