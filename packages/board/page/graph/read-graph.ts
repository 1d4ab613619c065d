import { PbfReader } from "pbf";

/** A node of a GraphDef. */
export interface GraphNode {
  name: string;
  op: string;
  /** Names of the nodes whose outputs it takes. */
  readonly inputs: string[];
  device: string;
  /** As text, by name. */
  readonly attributes: Map<string, string>;
  /** Of its outputs: `32×16×16×16`. */
  shapes: string[];
}

/** More than can be laid out, or looked at. */
const mostNodes = 50_000;

/** The nodes of a serialized GraphDef. */
export function readGraph(bytes: Uint8Array): GraphNode[] {
  const nodes: GraphNode[] = [];
  new PbfReader(bytes).readFields((field, all: GraphNode[], pbf) => {
    if (field !== 1 || all.length >= mostNodes) return;
    const node: GraphNode = { name: "", op: "", inputs: [], device: "", attributes: new Map(), shapes: [] };
    all.push(pbf.readMessage(readNodeField, node));
  }, nodes);
  return nodes;
}

function readNodeField(field: number, node: GraphNode, pbf: PbfReader): void {
  if (field === 1) node.name = pbf.readString();
  else if (field === 2) node.op = pbf.readString();
  // "^name" only orders, "name:1" is the second output.
  else if (field === 3) node.inputs.push(pbf.readString().replace(/^\^/, "").replace(/:\d+$/, ""));
  else if (field === 4) node.device = pbf.readString();
  else if (field === 5) {
    const { key, value } = pbf.readMessage(readEntryField, { key: "", value: { texts: [], shapes: [] } } as Entry);
    if (key === "_output_shapes") node.shapes = value.shapes;
    else if (key !== "") node.attributes.set(key, [...value.texts, ...value.shapes].join(", ").slice(0, 2000));
  }
}

interface AttributeValue {
  readonly texts: string[];
  readonly shapes: string[];
}

interface Entry {
  key: string;
  readonly value: AttributeValue;
}

function readEntryField(field: number, entry: Entry, pbf: PbfReader): void {
  if (field === 1) entry.key = pbf.readString();
  else if (field === 2) pbf.readMessage(readValueField, entry.value);
}

function readValueField(field: number, value: AttributeValue, pbf: PbfReader): void {
  if (field === 1) pbf.readMessage(readValueField, value);
  else if (field === 2) value.texts.push(printable(pbf.readBytes()));
  else if (field === 3) value.texts.push(String(pbf.readVarint(true)));
  else if (field === 4) value.texts.push(String(pbf.readFloat()));
  else if (field === 5) value.texts.push(String(pbf.readBoolean()));
  else if (field === 6) value.texts.push(`type ${pbf.readVarint()}`);
  else if (field === 7) value.shapes.push(pbf.readMessage(readShapeField, [] as string[]).join("×") || "scalar");
}

function readShapeField(field: number, sizes: string[], pbf: PbfReader): void {
  if (field === 2) sizes.push(pbf.readMessage(readSizeField, [] as string[])[0] ?? "0");
}

function readSizeField(field: number, size: string[], pbf: PbfReader): void {
  if (field !== 1) return;
  const value = pbf.readVarint(true);
  size.push(value < 0 ? "?" : String(value));
}

const decoder = new TextDecoder();

const printable = (bytes: Uint8Array): string =>
  decoder.decode(bytes.subarray(0, 2000)).replaceAll(/[^\P{C}\n]/gu, "�");
