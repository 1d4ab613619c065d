import { DTypeError, OptionError, ShapeError, type Tensor, where } from "@anneal/tensor";
import { shapeText } from "./check-shapes.ts";
import type { Reduction } from "./reduction.ts";

const countOf = (input: Tensor): number => input.shape[input.ndim === 1 ? 0 : 1] as number;

/** Scores as [N, C, ...]. */
export const withBatch = (scores: Tensor): Tensor => (scores.ndim === 1 ? scores.unsqueeze(0) : scores);

/** @throws {DTypeError} if these are not numbers of classes */
export function checkClassNumbers(where: string, target: Tensor): void {
  if (target.dtype !== "int32" && target.dtype !== "int64" && target.dtype !== "uint8") {
    throw new DTypeError(where, `the target is ${target.dtype}`, 'Class numbers are integers: target.to("int32").');
  }
}

/** One class number for each sample of [N, C, ...] or [C]. */
export function checkClassTarget(name: string, input: Tensor, target: Tensor): void {
  const wanted = { shape: input.ndim <= 1 ? [] : [input.shape[0] as number, ...input.shape.slice(2)] };
  if (input.ndim === 0 || shapeText(target) !== shapeText(wanted)) {
    throw new ShapeError(
      name,
      `the input ${shapeText(input)} and the target ${shapeText(target)} do not fit`,
      input.ndim === 0
        ? "Scores have the shape [N, C] or [C]."
        : `Class numbers for this input have the shape ${shapeText(wanted)}.`,
    );
  }
  checkClassNumbers(name, target);
}

/** One factor for each class. */
export function checkClassWeight(where: string, input: Tensor, weight: Tensor | null): void {
  const count = countOf(input);
  if (weight && shapeText(weight) !== `[${count}]`) {
    throw new ShapeError(
      where,
      `the weight has the shape ${shapeText(weight)}, the input ${shapeText(input)} has ${count} classes`,
      `Give one factor for each class, [${count}].`,
    );
  }
}

/** A number that may stand for no class. */
export interface SpecialLabel {
  readonly label: number;
  /** Follows "Classes are numbered from 0 to 9". */
  readonly says: string;
}

/** Targets of this number do not count. */
export const ignoring = (ignoreIndex: number): SpecialLabel => ({
  label: ignoreIndex,
  says: `, and ignoreIndex is ${ignoreIndex}`,
});

/**
 * Are there some of the special ones among the targets? Where nobody can tell without waiting for the device, perhaps.
 *
 * @throws {OptionError} if a target is no class
 */
export function checkLabels(
  where: string,
  input: Tensor,
  target: Tensor,
  special: SpecialLabel | null = null,
  {
    names: [targetName, inputName] = ["the target", "the input"],
    count = countOf(input),
  }: { readonly names?: readonly [string, string]; readonly count?: number } = {},
): boolean {
  if (!target.device.readSync) return true;
  let found = false;
  for (const each of target.dataSync()) {
    const label = Number(each);
    if (label === special?.label) found = true;
    else if (label < 0 || label >= count) {
      throw new OptionError(
        where,
        `${targetName} has a class ${label}, ${inputName} ${shapeText(input)} has ${count}`,
        `Classes are numbered from 0 to ${count - 1}${special?.says ?? ""}.`,
      );
    }
  }
  return found;
}

/** Class numbers in the form that losses compute with, each [N, ...]. */
export interface ClassTargets {
  /** int32; 0 for those that are ignored. */
  readonly numbers: Tensor;
  /** bool */
  readonly counted: Tensor;
  /** What each weighs: that of its class, 0 if it is ignored. */
  readonly factors: Tensor;
}

export function classTargets(scores: Tensor, target: Tensor, weight: Tensor | null, ignoreIndex: number): ClassTargets {
  const given = target.to("int32");
  const counted = given.ne(ignoreIndex);
  const numbers = where(counted, given, 0);
  const ones = counted.to(scores.dtype);
  return { numbers, counted, factors: weight ? weight.take(numbers).mul(ones) : ones };
}

/** Losses of those that count; their mean is weighted. */
export function reducedByWeight(losses: Tensor, { counted, factors }: ClassTargets, reduction: Reduction): Tensor {
  // The loss of an ignored sample may be infinite: choose, do not multiply by 0.
  const chosen = where(counted, losses, 0);
  if (reduction === "none") return chosen;
  return reduction === "sum" ? chosen.sum() : chosen.sum().div(factors.sum());
}
