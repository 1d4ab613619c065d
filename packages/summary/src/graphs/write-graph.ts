import { PbfWriter } from "pbf";
import type { AttrValue, GraphDef, NodeDef } from "./graph-def.ts";

/** Of the graphs PyTorch writes. */
const producer = 22;

/** A serialized GraphDef, as `graph.proto` has it. */
export function encodeGraph(graph: GraphDef): Uint8Array {
  const pbf = new PbfWriter();
  for (const node of graph.node) pbf.writeMessage(1, writeNode, node);
  pbf.writeMessage(4, (version, writer) => writer.writeVarintField(1, version), producer);
  return pbf.finish();
}

/** A serialized RunMetadata that names a device and no times. TensorBoard wants one. */
export function encodeRunMetadata(device: string): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writeMessage(
    1,
    (stats, writer) => writer.writeMessage(1, (name, inner) => inner.writeStringField(1, name), stats),
    device,
  );
  return pbf.finish();
}

function writeNode({ name, op, input, attr }: NodeDef, pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  pbf.writeStringField(2, op);
  for (const each of input) pbf.writeStringField(3, each);
  for (const entry of Object.entries(attr)) pbf.writeMessage(5, writeEntry, entry);
}

function writeEntry([key, value]: [string, AttrValue], pbf: PbfWriter): void {
  pbf.writeStringField(1, key);
  pbf.writeMessage(2, writeAttribute, value);
}

function writeAttribute(value: AttrValue, pbf: PbfWriter): void {
  if ("s" in value) pbf.writeBytesField(2, new TextEncoder().encode(value.s));
  else if ("type" in value) pbf.writeVarintField(6, value.type);
  else if ("shape" in value) pbf.writeMessage(7, writeShape, value.shape);
  else pbf.writeMessage(1, writeShapes, value.shapes);
}

function writeShapes(shapes: readonly (readonly number[])[], pbf: PbfWriter): void {
  for (const shape of shapes) pbf.writeMessage(7, writeShape, shape);
}

function writeShape(shape: readonly number[], pbf: PbfWriter): void {
  for (const size of shape) pbf.writeMessage(2, (value, writer) => writer.writeVarintField(1, value), size);
}
