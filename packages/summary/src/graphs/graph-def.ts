import { type DataType, dataTypes } from "../protos/data-types.ts";

/**
 * A graph as TensorBoard draws it.
 *
 * @see {@link https://github.com/tensorflow/tensorboard/blob/master/tensorboard/compat/proto/graph.proto | graph.proto}
 */
export interface GraphDef {
  node: NodeDef[];
}

export interface NodeDef {
  /** Slashes make scopes. */
  name: string;
  op: string;
  /** The names of the nodes it takes its inputs from. */
  input: string[];
  attr: Record<string, AttrValue>;
}

/** One of these. */
export type AttrValue =
  | { s: string }
  | { type: number }
  | { shape: readonly number[] }
  | { shapes: readonly (readonly number[])[] };

/** What the graph page shows of a node's result. */
export function resultAttributes(shape: readonly number[], dtype: string): Record<string, AttrValue> {
  const type = isDataType(dtype) && { dtype: { type: dataTypes[dtype] } };
  return { _output_shapes: { shapes: [[...shape]] }, ...type };
}

const isDataType = (dtype: string): dtype is DataType => Object.hasOwn(dataTypes, dtype);
