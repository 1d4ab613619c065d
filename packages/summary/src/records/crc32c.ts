/** Castagnoli's polynomial, bit-reversed. */
const polynomial = 0x82f63b78;

/** Eight tables of 256: table k advances a byte's checksum by k more zero bytes, so that eight bytes take eight look-ups. */
let tables: Int32Array | undefined;

function makeTables(): Int32Array {
  const made = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    made[byte] = crc;
  }
  for (let i = 256; i < made.length; i++) {
    const before = made[i - 256] ?? 0;
    made[i] = (before >>> 8) ^ (made[before & 0xff] ?? 0);
  }
  return made;
}

/**
 * CRC-32C (Castagnoli) of `bytes` from `start` to `end`.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc3720#appendix-B.4 | RFC 3720, B.4}
 */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  tables ??= makeTables();
  const t = tables;
  let crc = -1;
  let i = start;
  // The indices are in range by the loops' bounds; `| 0` makes of a look-up the integer that it is.
  for (; i + 8 <= end; i += 8) {
    const low = crc ^ (b(i) | (b(i + 1) << 8) | (b(i + 2) << 16) | (b(i + 3) << 24));
    crc =
      at(1792 + (low & 0xff)) ^
      at(1536 + ((low >>> 8) & 0xff)) ^
      at(1280 + ((low >>> 16) & 0xff)) ^
      at(1024 + (low >>> 24)) ^
      at(768 + b(i + 4)) ^
      at(512 + b(i + 5)) ^
      at(256 + b(i + 6)) ^
      at(b(i + 7));
  }
  for (; i < end; i++) crc = (crc >>> 8) ^ at((crc ^ b(i)) & 0xff);
  return ~crc >>> 0;

  function b(index: number): number {
    return (bytes[index] as number) | 0;
  }
  function at(index: number): number {
    return (t[index] as number) | 0;
  }
}

/** The checksum as TFRecord files keep it: turned and offset, because a CRC of data that holds CRCs is weak. */
export function maskedCrc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  const crc = crc32c(bytes, start, end);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
