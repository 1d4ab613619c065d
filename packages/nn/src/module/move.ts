import { type Device, type DType, DTypeError, keep, type RowGradient, Tensor } from "@anneal/tensor";
import { Parameter } from "./parameter.ts";

/**
 * What `Module.to` does to one parameter or buffer. A parameter that is shared moves once; what is there already stays the same object.
 *
 * @throws {DTypeError} if the target is a dtype that is no float
 */
export function mover(target: Device | DType): {
  parameter(parameter: Parameter): Parameter;
  buffer(buffer: Tensor): Tensor;
} {
  if (typeof target === "string" && !isFloat(target)) {
    throw new DTypeError("Module.to", `${target} parameters could not learn`, 'Give a float dtype, such as "float64".');
  }
  const moves = new Map<Parameter, Parameter>();
  const isThere = (tensor: Tensor): boolean => target === (typeof target === "string" ? tensor.dtype : tensor.device);
  return {
    parameter(parameter) {
      const known = moves.get(parameter) ?? (isThere(parameter) ? parameter : moved(parameter, target));
      moves.set(parameter, known);
      return known;
    },
    buffer(buffer) {
      const stays = isThere(buffer) || (typeof target === "string" && !isFloat(buffer.dtype));
      return stays ? buffer : keep(buffer.to(target)).realize();
    },
  };
}

const isFloat = (dtype: DType): boolean => dtype.startsWith("float");

function moved(parameter: Parameter, target: Device | DType): Parameter {
  const result = new Parameter(parameter.detach().to(target), { requiresGrad: parameter.requiresGrad });
  result.grad = movedGradient(parameter, target);
  result.mode = parameter.mode;
  return result;
}

/** By rows, where it is so. */
function movedGradient(parameter: Parameter, target: Device | DType): Parameter["grad"] | RowGradient {
  const gradient = parameter.peekGrad();
  if (gradient === null || gradient instanceof Tensor) return parameter.grad?.to(target) ?? null;
  const { indices, values } = gradient;
  return { indices: typeof target === "string" ? indices : indices.to(target), values: values.to(target) };
}
