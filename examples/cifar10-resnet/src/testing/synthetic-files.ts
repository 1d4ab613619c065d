import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { permutation } from "@anneal/data";
import { onTestFinished } from "vitest";

/** A folder of files, gone when the test is over. */
export function folderOf(files: Readonly<Record<string, Uint8Array | string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "anneal-cifar10-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

/**
 * A file as of CIFAR-10, with noise for images, in which each class is a little brighter in a band and a channel of its own.
 *
 * @param seed - another seed, other noise
 */
export function cifarFile(count: number, seed = 0): Uint8Array {
  const file = new Uint8Array(count * 3073);
  for (let i = 0; i < count; i++) {
    const label = i % 10;
    const noise = permutation(3072, { seed, epoch: i });
    file[i * 3073] = label;
    for (let at = 0; at < 3072; at++) {
      const [channel, row] = [Math.floor(at / 1024), Math.floor((at % 1024) / 32)];
      const marked = channel === label % 3 && Math.floor(row / 8) === label % 4;
      file[i * 3073 + 1 + at] = ((noise[at] ?? 0) % 156) + (marked ? 100 : 0);
    }
  }
  return file;
}
