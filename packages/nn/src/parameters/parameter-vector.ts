import { cat, noGrad, OptionError, ShapeError, scope, type Tensor } from "@anneal/tensor";
import { listOf } from "./gradients.ts";

/**
 * All numbers of some parameters as one vector, with a graph that leads back to them.
 *
 * @param parameters - one or several, on one device
 * @returns [Σ numel]
 * @throws {OptionError} if there are none
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parameters_to_vector.html | torch.nn.utils.parameters_to_vector}
 * @example
 * parametersToVector(new Linear(3, 2).parameters()).shape; // => [8]
 */
export function parametersToVector(parameters: Tensor | Iterable<Tensor>): Tensor {
  const list = listOf(parameters);
  if (list.length === 0) {
    throw new OptionError("parametersToVector", "there are no parameters", "Call model.parameters() each time.");
  }
  return cat(list.map((each) => each.flatten()));
}

/**
 * Copy the numbers of a vector into parameters, one after the other. (In PyTorch they share its memory from then on.)
 *
 * @param vector - [Σ numel]
 * @param parameters - one or several
 * @throws {ShapeError} if the vector does not have as many numbers as the parameters; they are as they were then
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.vector_to_parameters.html | torch.nn.utils.vector_to_parameters}
 * @example
 * const model = new Linear(2, 1);
 * vectorToParameters(tensor([1, 2, 3]), model.parameters());
 * model.forward(tensor([10, 100])).arraySync(); // => [213]
 */
export function vectorToParameters(vector: Tensor, parameters: Tensor | Iterable<Tensor>): void {
  const list = listOf(parameters);
  const count = list.reduce((sum, { numel }) => sum + numel, 0);
  if (vector.ndim !== 1 || vector.numel !== count) {
    throw new ShapeError(
      "vectorToParameters",
      `the vector has the shape [${vector.shape.join(", ")}], the parameters have ${count} numbers`,
      `Give a vector of the shape [${count}].`,
    );
  }
  scope(() =>
    noGrad(() => {
      let start = 0;
      for (const each of list) {
        each.copy_(vector.narrow(0, start, each.numel).reshape(each.shape)).realize();
        start += each.numel;
      }
    }),
  );
}
