import type { PbfWriter } from "pbf";
import type { TensorProto } from "./messages.ts";
import { writePackedDoubles, writePackedFloats, writePackedVarints } from "./write-packed.ts";

/** Appends the tensor. */
export function writeTensor(tensor: TensorProto, pbf: PbfWriter): void {
  if (tensor.dtype !== 0) pbf.writeVarintField(1, tensor.dtype);
  // Written even if it has no dimensions: a scalar's shape is known, and that it is the scalar's.
  pbf.writeMessage(2, writeShape, tensor.tensorShape);
  if (tensor.tensorContent) pbf.writeBytesField(4, tensor.tensorContent);
  if (tensor.floatVal) writePackedFloats(pbf, 5, tensor.floatVal);
  if (tensor.doubleVal) writePackedDoubles(pbf, 6, tensor.doubleVal);
  if (tensor.intVal) writePackedVarints(pbf, 7, tensor.intVal);
  for (const bytes of tensor.stringVal ?? []) pbf.writeBytesField(8, bytes);
  if (tensor.scomplexVal) writePackedFloats(pbf, 9, tensor.scomplexVal);
  if (tensor.int64Val) writePackedVarints(pbf, 10, tensor.int64Val);
  if (tensor.boolVal) writePackedVarints(pbf, 11, tensor.boolVal);
  if (tensor.dcomplexVal) writePackedDoubles(pbf, 12, tensor.dcomplexVal);
  if (tensor.halfVal) writePackedVarints(pbf, 13, tensor.halfVal);
  if (tensor.uint32Val) writePackedVarints(pbf, 16, tensor.uint32Val);
  if (tensor.uint64Val) writePackedVarints(pbf, 17, tensor.uint64Val);
}

function writeShape(shape: TensorProto["tensorShape"], pbf: PbfWriter): void {
  for (const dim of shape.dim) pbf.writeMessage(2, writeDim, dim);
}

function writeDim(dim: { size: number }, pbf: PbfWriter): void {
  if (dim.size !== 0) pbf.writeVarintField(1, dim.size);
}
