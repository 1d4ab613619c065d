/** CRC-32C bit by bit, and masked: slow, short, and independent of the writer's. */
function maskedCrc(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  const turned = ~crc >>> 0;
  return (((turned >>> 15) | (turned << 17)) + 0xa282ead8) >>> 0;
}

/** A record of an event file, with right checksums around any data. */
export function frameRecord(data: Uint8Array): Uint8Array {
  const record = Buffer.alloc(data.length + 16);
  record.writeUInt32LE(data.length, 0);
  record.writeUInt32LE(maskedCrc(record.subarray(0, 8)), 8);
  record.set(data, 12);
  record.writeUInt32LE(maskedCrc(data), data.length + 12);
  return record;
}

/** The data of every record of an event file. */
export function recordData(file: Uint8Array): Uint8Array[] {
  const records: Uint8Array[] = [];
  const view = Buffer.from(file);
  for (let at = 0; at < view.length; ) {
    const length = view.readUInt32LE(at);
    records.push(view.subarray(at + 12, at + 12 + length));
    at += length + 16;
  }
  return records;
}
