import type { ByteSource } from "../bytes/byte-source.ts";
import { CheckpointError } from "../checkpoint-error.ts";
import { inParallel } from "../in-parallel.ts";
import { readPickle } from "../pickle/read-pickle.ts";
import { ZipArchive } from "../zip/zip-archive.ts";
import { explainProblems } from "./explain-problems.ts";
import { maxPickleSize } from "./limits.ts";
import { fillStorage } from "./storages.ts";
import { toValue } from "./to-value.ts";
import { TorchWorld } from "./torch-world.ts";

// Enough to keep a disk or a connection busy while CRCs are computed.
const readsAtOnce = 4;

/** Load what `torch.save` has written since PyTorch 1.6. */
export async function loadZip(source: ByteSource): Promise<unknown> {
  const archive = await ZipArchive.open(source);
  if (archive.names.has("constants.pkl")) {
    throw new CheckpointError(
      source.name,
      "a program of TorchScript",
      "Save its weights in Python: torch.save(torch.jit.load(file).state_dict(), path).",
    );
  }
  await checkVersion(archive, source);
  const isBigEndian = await readByteOrder(archive, source);
  const pickle = await archive.read("data.pkl", { maxSize: maxPickleSize });
  const world = new TorchWorld();
  const value = explainProblems(source.name, "data.pkl", () => toValue(readPickle(pickle, world).value));
  await inParallel(world.storages, readsAtOnce, async (pending) => {
    const { key, byteLength } = pending;
    fillStorage(pending, await archive.readExactly(`data/${key}`, byteLength), { isBigEndian });
  });
  return value;
}

/** @throws {CheckpointError} if it is none that PyTorch reads */
async function checkVersion(archive: ZipArchive, source: ByteSource): Promise<void> {
  const name = [".data/version", "version"].find((candidate) => archive.names.has(candidate));
  if (name === undefined) {
    throw new CheckpointError(source.name, "a ZIP archive without a version", "torch.save did not make it.");
  }
  const text = await readText(archive, name);
  const version = /^\d+$/.test(text) ? Number(text) : 0;
  if (version >= 1 && version <= 10) return;
  const mend = version > 10 ? "Update this package." : "torch.save did not make it.";
  throw new CheckpointError(source.name, `version ${JSON.stringify(text)} is none from 1 to 10`, mend);
}

/** Did a machine write it that has the highest byte of a number first? */
async function readByteOrder(archive: ZipArchive, source: ByteSource): Promise<boolean> {
  const order = archive.names.has("byteorder") ? await readText(archive, "byteorder") : "little";
  if (order === "little" || order === "big") return order === "big";
  throw new CheckpointError(source.name, `byteorder ${JSON.stringify(order)} is not little or big`, "It is damaged.");
}

const readText = async (archive: ZipArchive, name: string): Promise<string> =>
  new TextDecoder().decode(await archive.read(name, { maxSize: 64 })).trim();
