import { open, rename } from "node:fs/promises";

/** Write pieces of bytes as a careful program would: beside the file, safe on the disk, then under its name. */
export async function writePlainly(path: string, pieces: readonly Uint8Array[]): Promise<void> {
  const file = await open(`${path}.tmp`, "w");
  for (const piece of pieces) await file.write(piece);
  await file.sync();
  await file.close();
  await rename(`${path}.tmp`, path);
}

/** Read a file into one piece of memory, which takes less time than `readFile`. */
export async function readPlainly(path: string): Promise<Uint8Array> {
  const file = await open(path);
  const { size } = await file.stat();
  const bytes = Buffer.allocUnsafeSlow(size);
  for (let done = 0; done < size; ) {
    done += (await file.read(bytes, done, Math.min(2 ** 30, size - done), done)).bytesRead;
  }
  await file.close();
  return bytes;
}
