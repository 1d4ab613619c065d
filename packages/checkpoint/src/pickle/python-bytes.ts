/** A `bytes` (or `bytearray`) of Python. A Uint8Array alone would go into a file as a tensor. */
export class PythonBytes {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}
