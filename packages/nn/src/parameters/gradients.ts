import { Tensor } from "@anneal/tensor";

/** One tensor, or those of an iterable. */
export const listOf = (tensors: Tensor | Iterable<Tensor>): Tensor[] =>
  tensors instanceof Tensor ? [tensors] : [...tensors];

/**
 * The numbers of a gradient, to be changed in place: of one by rows those of its rows, all others being zero. Null if there are none.
 */
export function gradientOf(parameter: Tensor): Tensor | null {
  const gradient = parameter.peekGrad();
  if (gradient === null || gradient instanceof Tensor) return gradient;
  return gradient.indices.numel === 0 ? null : gradient.values;
}

/** The gradients that are there, to be changed in place. */
export function gradientsOf(where: string, parameters: Tensor | Iterable<Tensor>): Tensor[] {
  const list = listOf(parameters);
  if (list.length === 0 && "next" in parameters) {
    console.warn(
      `${where}: there are no parameters in this generator; if it was used before, it is empty. ` +
        "Call model.parameters() each time.",
    );
  }
  return list.flatMap((each) => gradientOf(each) ?? []);
}
