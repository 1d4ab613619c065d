import { PbfReader } from "pbf";
import { OptionError } from "../options/option-error.ts";
import { readMessage } from "../protos/read-message.ts";
import { type AttrValue, type GraphDef, type NodeDef, resultAttributes } from "./graph-def.ts";

/** A model file's graph, as far as it is drawn: `onnx.proto` has the fields. */
interface OnnxGraph {
  readonly nodes: OnnxNode[];
  readonly weights: OnnxValue[];
  readonly inputs: OnnxValue[];
  readonly outputs: OnnxValue[];
}

interface OnnxNode {
  opType: string;
  readonly inputs: string[];
  readonly outputs: string[];
  readonly attributes: OnnxAttribute[];
}

interface OnnxAttribute {
  name: string;
  readonly values: (number | string)[];
}

/** A tensor's name, type and shape. Sizes that are not known are -1, which TensorBoard shows as a question mark. */
interface OnnxValue {
  name: string;
  dtype: string;
  readonly shape: number[];
}

/**
 * The graph of an ONNX file: its inputs, weights and ops as nodes, each op named for its first output.
 *
 * @throws {OptionError} if it is no ONNX file
 */
export function onnxGraph(bytes: Uint8Array): GraphDef {
  let graph: OnnxGraph;
  try {
    graph = readMessage(
      new PbfReader(bytes),
      (field, found: OnnxGraph, pbf) => {
        if (field === 7) readMessage(pbf, readGraph, found);
      },
      { nodes: [], weights: [], inputs: [], outputs: [] },
      bytes.length,
    );
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new OptionError(`addOnnxGraph: this is no ONNX file: ${error.message}. Give what the exporter wrote, whole.`);
  }
  if (graph.nodes.length === 0) {
    throw new OptionError("addOnnxGraph: there is no graph in the file. Give a model in the ONNX format.");
  }
  return { node: nodesOf(graph) };
}

function nodesOf({ nodes, weights, inputs, outputs }: OnnxGraph): NodeDef[] {
  const known = new Map(outputs.map((value) => [value.name, value]));
  const made = new Map<string, NodeDef>();
  const places = new Map<string, string>();
  const add = (node: NodeDef): void => {
    if (!made.has(node.name)) made.set(node.name, node);
  };
  // Old files list the weights among the inputs too.
  const names = new Set(weights.map(({ name }) => name));
  for (const value of inputs) if (!names.has(value.name)) add(leaf(value, "Variable"));
  for (const value of weights) add(leaf(value, "Initializer"));
  for (const { name } of made.values()) places.set(name, name);
  for (const { outputs: results } of nodes) {
    const [first = ""] = results.map(nodeName);
    results.forEach((result, i) => void places.set(nodeName(result), i === 0 ? first : `${first}:${i}`));
  }
  for (const { opType, inputs: sources, outputs: results, attributes } of nodes) {
    const result = known.get(results[0] ?? "");
    add({
      name: nodeName(results[0] ?? opType),
      op: opType,
      input: sources.map((source) => places.get(nodeName(source))).filter((source) => source !== undefined),
      attr: {
        ...(attributes.length > 0 && { parameters: { s: attributes.map(shown).join(", ") } }),
        ...(result && resultAttributes(result.shape, result.dtype)),
      },
    });
  }
  return [...made.values()];
}

const leaf = (value: OnnxValue, op: string): NodeDef => {
  const shape: AttrValue = { shape: value.shape };
  return { name: nodeName(value.name), op, input: [], attr: { ...resultAttributes(value.shape, value.dtype), shape } };
};

/** PyTorch's exporter begins names with a slash, which would be a scope without a name. */
const nodeName = (name: string): string => name.replace(/^\/+/, "");

function shown({ name, values }: OnnxAttribute): string {
  if (values.length === 1) return `${name} = ${values[0]}`;
  const most = 20;
  return `${name} = [${values.slice(0, most).join(", ")}${values.length > most ? `, ... of ${values.length}` : ""}]`;
}

/** ONNX's numbers of the types of elements. */
const dtypes: Readonly<Record<number, string>> = {
  1: "float32",
  2: "uint8",
  3: "int8",
  4: "uint16",
  5: "int16",
  6: "int32",
  7: "int64",
  9: "bool",
  10: "float16",
  11: "float64",
  16: "bfloat16",
};

function readGraph(field: number, graph: OnnxGraph, pbf: PbfReader): void {
  if (field === 1)
    graph.nodes.push(readMessage(pbf, readNode, { opType: "", inputs: [], outputs: [], attributes: [] }));
  else if (field === 5) graph.weights.push(readMessage(pbf, readTensor, { name: "", dtype: "", shape: [] }));
  else if (field === 11) graph.inputs.push(readMessage(pbf, readValue, { name: "", dtype: "", shape: [] }));
  else if (field === 12) graph.outputs.push(readMessage(pbf, readValue, { name: "", dtype: "", shape: [] }));
}

function readNode(field: number, node: OnnxNode, pbf: PbfReader): void {
  if (field === 1) node.inputs.push(pbf.readString());
  else if (field === 2) node.outputs.push(pbf.readString());
  else if (field === 4) node.opType = pbf.readString();
  else if (field === 5) node.attributes.push(readMessage(pbf, readAttribute, { name: "", values: [] }));
}

function readAttribute(field: number, attribute: OnnxAttribute, pbf: PbfReader): void {
  const { values } = attribute;
  if (field === 1) attribute.name = pbf.readString();
  else if (field === 2) values.push(short(pbf.readFloat()));
  else if (field === 3) values.push(pbf.readVarint(true));
  else if (field === 4 || field === 9) values.push(JSON.stringify(pbf.readString()));
  else if (field === 5)
    values.push(`tensor [${readMessage(pbf, readTensor, { name: "", dtype: "", shape: [] }).shape.join(", ")}]`);
  else if (field === 7) addAll(values, pbf.readPackedFloat().map(short));
  else if (field === 8) addAll(values, pbf.readPackedVarint([], true));
}

/** There may be too many for the arguments of a call. */
function addAll<Value>(list: Value[], more: readonly Value[]): void {
  for (const each of more) list.push(each);
}

/** 0.1 of float32 as people write it. */
const short = (value: number): number => Number(value.toPrecision(7));

function readTensor(field: number, tensor: OnnxValue, pbf: PbfReader): void {
  if (field === 1) addAll(tensor.shape, pbf.readPackedVarint());
  else if (field === 2) tensor.dtype = dtypes[pbf.readVarint()] ?? "";
  else if (field === 8) tensor.name = pbf.readString();
}

/** A ValueInfoProto and what is inside of it: TypeProto, its tensor type, the shape, the dimensions. */
function readValue(field: number, value: OnnxValue, pbf: PbfReader): void {
  if (field === 1) value.name = pbf.readString();
  else if (field === 2) readMessage(pbf, readType, value);
}

function readType(field: number, value: OnnxValue, pbf: PbfReader): void {
  if (field === 1) readMessage(pbf, readTensorType, value);
}

function readTensorType(field: number, value: OnnxValue, pbf: PbfReader): void {
  if (field === 1) value.dtype = dtypes[pbf.readVarint()] ?? "";
  else if (field === 2) readMessage(pbf, readShape, value);
}

function readShape(field: number, value: OnnxValue, pbf: PbfReader): void {
  if (field === 1) value.shape.push(readMessage(pbf, readDimension, { size: -1 }).size);
}

function readDimension(field: number, dimension: { size: number }, pbf: PbfReader): void {
  if (field === 1) dimension.size = pbf.readVarint(true);
}
