import { OptionError } from "../options/option-error.ts";
import { dataTypes } from "../protos/data-types.ts";
import type { SummaryValue, TensorProto } from "../protos/messages.ts";
import { bfloat16Bits, float16Bits } from "../values/float16.ts";
import type { Values } from "../values/read-numbers.ts";

/** protobuf's limit for a message. */
const maxBytes = 2 ** 31;

/**
 * A whole tensor, in the list that TensorFlow has for its type. Halves are written as their bits, which PyTorch's writer gets wrong.
 *
 * @throws {OptionError} if it is of 2 GiB or more
 */
export function tensorValue(tag: string, values: Values): SummaryValue {
  if (8 * values.data.length >= maxBytes && byteLength(values) >= maxBytes) {
    throw new OptionError(`addTensor: a tensor of 2 GiB or more does not fit an event. Add it in parts.`);
  }
  return { tag, tensor: tensorProto(values), metadata: { pluginData: { pluginName: "tensor" } } };
}

function byteLength({ data, dtype }: Values): number {
  const bits = /\d+$/.exec(dtype);
  const perNumber = bits ? Number(bits[0]) / 8 : 1;
  return data.length * (dtype.startsWith("complex") ? perNumber / 2 : perNumber);
}

function tensorProto({ shape, dtype, data }: Values): TensorProto {
  const common = { dtype: dataTypes[dtype], tensorShape: { dim: shape.map((size) => ({ size })) } };
  switch (dtype) {
    case "float16":
      return { ...common, halfVal: bitsOf(data, float16Bits) };
    case "bfloat16":
      return { ...common, halfVal: bitsOf(data, bfloat16Bits) };
    case "float32":
      return { ...common, floatVal: numbers(data) };
    case "float64":
      return { ...common, doubleVal: numbers(data) };
    case "complex64":
      return { ...common, scomplexVal: numbers(data) };
    case "complex128":
      return { ...common, dcomplexVal: numbers(data) };
    case "int64":
      return { ...common, int64Val: data };
    case "bool":
      return { ...common, boolVal: numbers(data) };
    case "uint32":
      return { ...common, uint32Val: numbers(data) };
    case "uint64":
      return { ...common, uint64Val: data };
    default:
      return { ...common, intVal: numbers(data) };
  }
}

const numbers = (data: Values["data"]): ArrayLike<number> => (isBigints(data) ? Float64Array.from(data, Number) : data);

const isBigints = (data: Values["data"]): data is ArrayLike<bigint> => typeof data[0] === "bigint";

/** A `Uint16Array` of halves holds their bits already. */
const bitsOf = (data: Values["data"], bits: (value: number) => number): ArrayLike<number> =>
  data instanceof Uint16Array ? data : Uint16Array.from(numbers(data), bits);
