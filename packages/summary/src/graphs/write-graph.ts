import type { PbfWriter } from "pbf";
import { encode } from "../protos/encode.ts";
import { writeText } from "../protos/write-text.ts";
import type { AttrValue, GraphDef, NodeDef } from "./graph-def.ts";

/** Of the graphs PyTorch writes. */
const producer = 22;

/** A serialized GraphDef, as `graph.proto` has it. */
export const encodeGraph = (graph: GraphDef): Uint8Array => encode(writeGraph, graph);

/** A serialized RunMetadata that names a device and no times. TensorBoard wants one. */
export const encodeRunMetadata = (device: string): Uint8Array =>
  encode((name, pbf) => pbf.writeMessage(1, writeStepStats, name), device);

function writeGraph({ node }: GraphDef, pbf: PbfWriter): void {
  for (const each of node) pbf.writeMessage(1, writeNode, each);
  pbf.writeMessage(4, writeFirst, producer);
}

function writeStepStats(device: string, pbf: PbfWriter): void {
  pbf.writeMessage(1, (name, stats) => writeText(stats, 1, name), device);
}

/** A message whose only field is a number. */
function writeFirst(value: number, pbf: PbfWriter): void {
  pbf.writeVarintField(1, value);
}

function writeNode({ name, op, input, attr }: NodeDef, pbf: PbfWriter): void {
  writeText(pbf, 1, name);
  writeText(pbf, 2, op);
  for (const each of input) writeText(pbf, 3, each);
  for (const entry of Object.entries(attr)) pbf.writeMessage(5, writeEntry, entry);
}

function writeEntry([key, value]: [string, AttrValue], pbf: PbfWriter): void {
  writeText(pbf, 1, key);
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
  for (const size of shape) pbf.writeMessage(2, writeFirst, size);
}
