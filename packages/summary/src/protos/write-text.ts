import type { PbfWriter } from "pbf";

/** pbf 5.1 writes characters from U+20000 up, some of them Chinese, as others. They are those that have surrogates. */
const surrogate = /[\ud800-\udfff]/;

/** Appends a string. */
export function writeText(pbf: PbfWriter, field: number, text: string): void {
  if (surrogate.test(text)) pbf.writeBytesField(field, new TextEncoder().encode(text));
  else pbf.writeStringField(field, text);
}
