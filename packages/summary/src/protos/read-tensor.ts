import type { PbfReader } from "pbf";
import type { TensorProto } from "./messages.ts";
import { readMessage } from "./read-message.ts";

/** A tensor whose lists grow while they are read. */
interface ReadTensor extends TensorProto {
  floatVal?: number[];
  doubleVal?: number[];
  intVal?: number[];
  scomplexVal?: number[];
  int64Val?: number[];
  boolVal?: number[];
  dcomplexVal?: number[];
  halfVal?: number[];
  uint32Val?: number[];
  uint64Val?: number[];
}

/** The tensor that comes next. */
export const readTensor = (pbf: PbfReader): TensorProto =>
  readMessage<ReadTensor>(pbf, readTensorField, { dtype: 0, tensorShape: { dim: [] } });

function readTensorField(field: number, tensor: ReadTensor, pbf: PbfReader): void {
  if (field === 1) tensor.dtype = pbf.readVarint();
  else if (field === 2) readMessage(pbf, readShapeField, tensor.tensorShape);
  else if (field === 4) tensor.tensorContent = pbf.readBytes().slice();
  else if (field === 5) tensor.floatVal = pbf.readPackedFloat(tensor.floatVal);
  else if (field === 6) tensor.doubleVal = pbf.readPackedDouble(tensor.doubleVal);
  else if (field === 7) tensor.intVal = pbf.readPackedVarint(tensor.intVal, true);
  else if (field === 8) {
    tensor.stringVal ??= [];
    tensor.stringVal.push(pbf.readBytes().slice());
  } else if (field === 9) tensor.scomplexVal = pbf.readPackedFloat(tensor.scomplexVal);
  else if (field === 10) tensor.int64Val = pbf.readPackedVarint(tensor.int64Val, true);
  else if (field === 11) tensor.boolVal = pbf.readPackedVarint(tensor.boolVal);
  else if (field === 12) tensor.dcomplexVal = pbf.readPackedDouble(tensor.dcomplexVal);
  else if (field === 13) tensor.halfVal = pbf.readPackedVarint(tensor.halfVal);
  else if (field === 16) tensor.uint32Val = pbf.readPackedVarint(tensor.uint32Val);
  else if (field === 17) tensor.uint64Val = pbf.readPackedVarint(tensor.uint64Val);
}

function readShapeField(field: number, shape: TensorProto["tensorShape"], pbf: PbfReader): void {
  if (field === 2) shape.dim.push(readMessage(pbf, readDimField, { size: 0 }));
}

function readDimField(field: number, dim: { size: number }, pbf: PbfReader): void {
  if (field === 1) dim.size = pbf.readVarint(true);
}
