/**
 * A `bytes` (or `bytearray`) of Python. A Uint8Array alone would go into a file as a tensor.
 *
 * @example
 * const read = (await loadPt(await encodePt(new PythonBytes(Uint8Array.of(1, 2))))) as PythonBytes;
 * read.bytes; // => Uint8Array [1, 2]
 */
export class PythonBytes {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}
