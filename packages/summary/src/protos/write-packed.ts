import type { PbfWriter } from "pbf";

/** The wire type of what has its length before it. */
const lengthDelimited = 2;

/** Appends a packed list of floats, unless it is empty. */
export function writePackedFloats(pbf: PbfWriter, field: number, values: ArrayLike<number>): void {
  if (!startPacked(pbf, field, 4 * values.length)) return;
  for (let i = 0; i < values.length; i++) pbf.dataView.setFloat32(pbf.pos + 4 * i, values[i] as number, true);
  pbf.pos += 4 * values.length;
}

/** Appends a packed list of doubles, unless it is empty. */
export function writePackedDoubles(pbf: PbfWriter, field: number, values: ArrayLike<number>): void {
  if (!startPacked(pbf, field, 8 * values.length)) return;
  for (let i = 0; i < values.length; i++) pbf.dataView.setFloat64(pbf.pos + 8 * i, values[i] as number, true);
  pbf.pos += 8 * values.length;
}

/** Appends a packed list of whole numbers, unless it is empty. */
export function writePackedVarints(pbf: PbfWriter, field: number, values: ArrayLike<number | bigint>): void {
  if (values.length === 0) return;
  pbf.writeTag(field, lengthDelimited);
  pbf.writeRawMessage(writeVarints, values);
}

function writeVarints(values: ArrayLike<number | bigint>, pbf: PbfWriter): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number | bigint;
    if (typeof value === "number") pbf.writeVarint(value);
    else writeBigVarint(value, pbf);
  }
}

function writeBigVarint(value: bigint, pbf: PbfWriter): void {
  let rest = BigInt.asUintN(64, value);
  pbf.realloc(10);
  for (; rest > 0x7fn; rest >>= 7n) pbf.buf[pbf.pos++] = Number(rest & 0x7fn) | 0x80;
  pbf.buf[pbf.pos++] = Number(rest);
}

function startPacked(pbf: PbfWriter, field: number, byteLength: number): boolean {
  if (byteLength === 0) return false;
  pbf.writeTag(field, lengthDelimited);
  pbf.writeVarint(byteLength);
  pbf.realloc(byteLength);
  return true;
}
