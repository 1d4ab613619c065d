/** Memory for bytes that are all written before they are read: not zeroed first where that can be told. */
export function allocate(length: number): Uint8Array<ArrayBuffer> {
  if (typeof Buffer === "undefined") return new Uint8Array(length);
  const { buffer, byteOffset } = Buffer.allocUnsafeSlow(length);
  return new Uint8Array(buffer, byteOffset, length);
}
