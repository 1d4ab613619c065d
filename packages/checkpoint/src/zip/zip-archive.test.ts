import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { archiveOf, bytesOf } from "../../test/handmade.ts";
import { loadPt } from "../index.ts";
import { signatures } from "./zip-format.ts";

/** What loading says is wrong. */
async function problemOf(archive: Uint8Array): Promise<string> {
  const value = loadPt(archive).then(() => "nothing");
  return value.catch((error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error)));
}

/** The places of a signature, first to last. */
function placesOf(archive: Uint8Array, signature: number): number[] {
  const view = new DataView(archive.buffer);
  return Array.from({ length: archive.length - 3 }, (_, at) => at).filter(
    (at) => view.getUint32(at, true) === signature,
  );
}

/** The archive with numbers of its `index`th part of this signature changed: by field, `[bytes, value]`. */
async function changed(
  signature: number,
  index: number,
  fields: Record<number, readonly [size: 2 | 4 | 8, value: number]>,
): Promise<Uint8Array> {
  const archive = await archiveOf("N");
  const view = new DataView(archive.buffer);
  const at = placesOf(archive, signature).at(index) as number;
  for (const [field, [size, value]] of Object.entries(fields)) {
    if (size === 2) view.setUint16(at + Number(field), value, true);
    else if (size === 4) view.setUint32(at + Number(field), value, true);
    else view.setBigUint64(at + Number(field), BigInt(value), true);
  }
  return archive;
}

const { centralHeader, localHeader, end, zip64End, zip64EndLocator } = signatures;

describe("an archive", () => {
  it("is read whatever follows it", async () => {
    expect(
      await loadPt(bytesOf(`${Buffer.from(await archiveOf("K\x07")).toString("latin1")}${"\0".repeat(1000)}`)),
    ).toBe(7);
  });

  it("is read without what PyTorch may leave out", async () => {
    expect(await loadPt(await archiveOf("K\x07", { byteorder: undefined, version: "1", "data/0": undefined }))).toBe(7);
    expect(await loadPt(await archiveOf("K\x07", { version: undefined, ".data/version": "10\n" }))).toBe(7);
  });

  it("is refused without what PyTorch needs", async () => {
    const problems = [
      await archiveOf("N", { version: undefined }),
      await archiveOf("N", { version: "0" }),
      await archiveOf("N", { version: "11" }),
      await archiveOf("N", { version: "three" }),
      await archiveOf("N", { byteorder: "middle" }),
      await archiveOf("N", { "data.pkl": undefined }),
      await archiveOf("N", { "constants.pkl": "" }),
    ].map(problemOf);
    expect(await Promise.all(problems)).toMatchInlineSnapshot(`
      [
        "CheckpointError: these bytes: a ZIP archive without a version. torch.save did not make it.",
        "CheckpointError: these bytes: version "0" is none from 1 to 10. torch.save did not make it.",
        "CheckpointError: these bytes: version "11" is none from 1 to 10. Update this package.",
        "CheckpointError: these bytes: version "three" is none from 1 to 10. torch.save did not make it.",
        "CheckpointError: these bytes: byteorder "middle" is not little or big. It is damaged.",
        "CheckpointError: these bytes: data.pkl: it is not in the archive. Copy or download the file again.",
        "CheckpointError: these bytes: a program of TorchScript. Save its weights in Python: torch.save(torch.jit.load(file).state_dict(), path).",
      ]
    `);
  });

  it("is refused when a byte of it is not as it was saved", async () => {
    const saved = readFileSync(join(import.meta.dirname, "../../reference/pt/sgd.pt"));
    const at = Math.ceil((saved.indexOf("sgd/data/0FB") + 14) / 64) * 64;
    saved[at] = (saved[at] as number) ^ 1;
    expect(await problemOf(saved)).toMatchInlineSnapshot(
      `"CheckpointError: these bytes: data/0: its bytes are not those that were saved (CRC32). Copy or download the file again."`,
    );
  });

  it("is refused when it is cut short", async () => {
    const archive = await archiveOf("N");
    for (let length = 1; length < archive.length; length++) {
      expect(await problemOf(archive.slice(0, length))).toMatch(/^CheckpointError: these bytes: /);
    }
  });

  it("is refused when it is encrypted, in parts or ambiguous", async () => {
    const problems = [
      changed(centralHeader, 0, { 8: [2, 1] }),
      changed(centralHeader, 0, { 10: [2, 12] }),
      changed(centralHeader, 0, { 34: [2, 1] }),
      changed(zip64End, 0, { 16: [4, 1] }),
      changed(zip64End, 0, { 32: [8, 3] }),
      changed(end, 0, { 10: [2, 3] }),
      changed(end, 0, { 16: [4, 3] }),
      changed(zip64EndLocator, 0, { 0: [4, 0] }).then((archive) => {
        new DataView(archive.buffer).setUint16(archive.length - 18, 1, true);
        return archive;
      }),
    ];
    expect(await Promise.all(problems.map(async (archive) => problemOf(await archive)))).toMatchInlineSnapshot(`
      [
        "CheckpointError: these bytes: ZIP directory: "archive/data.pkl" is encrypted. Unpack it and pack it again, without compression.",
        "CheckpointError: these bytes: ZIP directory: "archive/data.pkl" is compressed by method 12, which PyTorch does not read either. Unpack it and pack it again, without compression.",
        "CheckpointError: these bytes: ZIP directory: the archive is in parts. Unpack it and pack it again, without compression.",
        "CheckpointError: these bytes: ZIP directory: the archive is in parts. Unpack it and pack it again, without compression.",
        "CheckpointError: these bytes: ZIP directory: its two ends do not agree. torch.save did not make it: do not trust it.",
        "CheckpointError: these bytes: ZIP directory: its two ends do not agree. torch.save did not make it: do not trust it.",
        "CheckpointError: these bytes: ZIP directory: its two ends do not agree. torch.save did not make it: do not trust it.",
        "CheckpointError: these bytes: ZIP directory: the archive is in parts. Unpack it and pack it again, without compression.",
      ]
    `);
  });

  it("is refused when its entries are not where it says", async () => {
    const problems = [
      changed(centralHeader, 0, { 20: [4, 5], 24: [4, 5] }),
      changed(centralHeader, 0, { 20: [4, 5] }),
      changed(centralHeader, 0, { 20: [4, 0xfffffff0], 24: [4, 0xfffffff0] }),
      changed(centralHeader, 0, { 42: [4, 0xfffffff0] }),
      changed(centralHeader, 1, { 42: [4, 0] }),
      changed(centralHeader, 0, { 28: [2, 0xffff] }),
      changed(centralHeader, 3, { 0: [4, 0] }),
      changed(localHeader, 0, { 0: [4, 0] }),
      changed(localHeader, 0, { 28: [2, 0xffff] }),
      changed(zip64End, 0, { 32: [8, 2 ** 40] }).then((archive) => {
        new DataView(archive.buffer).setUint16(archive.length - 12, 0xffff, true);
        return archive;
      }),
      changed(zip64End, 0, { 40: [8, 2 ** 52] }),
      changed(zip64EndLocator, 0, { 8: [8, 2 ** 40] }),
    ];
    expect(await Promise.all(problems.map(async (archive) => problemOf(await archive)))).toMatchInlineSnapshot(`
      [
        "CheckpointError: these bytes: data.pkl: its bytes are not those that were saved (CRC32). Copy or download the file again.",
        "CheckpointError: these bytes: ZIP directory: "archive/data.pkl" has two sizes, 4 and 5 bytes. torch.save did not make it: do not trust it.",
        "CheckpointError: these bytes: ZIP directory: "archive/data.pkl" overlaps what follows it. torch.save did not make it: do not trust it.",
        "CheckpointError: these bytes: ZIP directory: "archive/data.pkl" overlaps what follows it. torch.save did not make it: do not trust it.",
        "CheckpointError: these bytes: ZIP directory: "archive/data.pkl" overlaps what follows it. torch.save did not make it: do not trust it.",
        "CheckpointError: these bytes: ZIP directory: entry 0 of the directory is cut short. Copy or download the file again.",
        "CheckpointError: these bytes: ZIP directory: entry 3 of the directory is not at byte 651. Copy or download the file again.",
        "CheckpointError: these bytes: it is not what torch.save writes. It is no PyTorch file, or damaged: copy or download it again.",
        "CheckpointError: these bytes: data.pkl: it overlaps what follows it. Copy or download the file again.",
        "CheckpointError: these bytes: ZIP directory: 1099511627776 entries do not fit its 246 bytes. Copy or download the file again.",
        "CheckpointError: these bytes: ZIP directory: its two ends do not agree. torch.save did not make it: do not trust it.",
        "CheckpointError: these bytes: ZIP directory: byte 1099511627776 is beyond the end. Copy or download the file again.",
      ]
    `);
  });

  it("is refused when two entries have one name, or the first is in no folder", async () => {
    const archive = Buffer.from(await archiveOf("N", { versi0n: "3" })).toString("latin1");
    expect(await problemOf(bytesOf(archive.replaceAll("versi0n", "version")))).toMatchInlineSnapshot(
      `"CheckpointError: these bytes: ZIP directory: there are two entries "archive/version". torch.save did not make it: do not trust it."`,
    );
    expect(await problemOf(bytesOf(archive.replaceAll("archive/", "archive-")))).toMatchInlineSnapshot(
      `"CheckpointError: these bytes: a ZIP archive whose files are in no folder. torch.save did not make it."`,
    );
    expect(await problemOf(bytesOf(archive.replaceAll("archive/data.", "a/chive/data.")))).toMatchInlineSnapshot(
      `"CheckpointError: these bytes: a ZIP archive without a version. torch.save did not make it."`,
    );
  });

  it("has what is compressed only as long as it says", async () => {
    const deflated = (text: string) => deflateRawSync(bytesOf(text)).toString("latin1");
    const archive = async (data: string, size: number) => {
      const bytes = await archiveOf("N", { "data.pkl": data });
      const at = placesOf(bytes, centralHeader)[0] as number;
      const view = new DataView(bytes.buffer);
      view.setUint16(at + 10, 8, true);
      view.setUint32(at + 24, size, true);
      return bytes;
    };
    const long = "N".repeat(100_000);
    const problems = [
      await archive(deflated(long), 10),
      await archive(deflated(long), 100_001),
      await archive(deflated(long), 0xfffffff0),
      await archive("nothing deflated", 10),
      await archive(deflated(long).slice(0, -5), 100_000),
      await archive(deflated("N."), 2),
    ].map(problemOf);
    expect(await Promise.all(problems)).toMatchInlineSnapshot(`
      [
        "CheckpointError: these bytes: data.pkl: it does not decompress to 10 bytes. Copy or download the file again.",
        "CheckpointError: these bytes: data.pkl: it does not decompress to 100001 bytes. Copy or download the file again.",
        "CheckpointError: these bytes: data.pkl: 4294967280 bytes are more than the 268435456 it may have. Copy or download the file again.",
        "CheckpointError: these bytes: data.pkl: it does not decompress to 10 bytes. Copy or download the file again.",
        "CheckpointError: these bytes: data.pkl: it does not decompress to 100000 bytes. Copy or download the file again.",
        "CheckpointError: these bytes: data.pkl: its bytes are not those that were saved (CRC32). Copy or download the file again.",
      ]
    `);
  });
});
