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

/** TensorFlow's numbers of the types of elements. */
const dataTypes: Readonly<Record<string, number>> = {
  float32: 1,
  float64: 2,
  int32: 3,
  uint8: 4,
  int16: 5,
  int8: 6,
  int64: 9,
  bool: 10,
  bfloat16: 14,
  uint16: 17,
  float16: 19,
};

/** What the graph page shows of a node's result. */
export function resultAttributes(shape: readonly number[], dtype: string): Record<string, AttrValue> {
  const type = dataTypes[dtype];
  return { _output_shapes: { shapes: [[...shape]] }, ...(type !== undefined && { dtype: { type } }) };
}
