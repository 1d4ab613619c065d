import type { ByteSource } from "../bytes/byte-source.ts";
import { CheckpointError } from "../checkpoint-error.ts";
import { PickleCutShort, PickleProblem } from "../pickle/pickle-problem.ts";
import { readPickle } from "../pickle/read-pickle.ts";
import { quoted } from "../shown.ts";
import { explainProblems } from "./explain-problems.ts";
import { maxPickleSize } from "./limits.ts";
import { fillStorage, type PendingStorage } from "./storages.ts";
import { toValue } from "./to-value.ts";
import { TorchWorld } from "./torch-world.ts";

const magicNumber = 0x1950a86a20f9469cfc6cn;
const protocolVersion = 1001;

/** Load what `torch.save` wrote before PyTorch 1.6: pickles one after the other, then the numbers. */
export async function loadLegacy(source: ByteSource): Promise<unknown> {
  const { world, value, keys, end } = await readHead(source);
  const storages = storagesInOrder(world, keys, source);
  let offset = end;
  for (const pending of storages) {
    // A count of elements, then the elements, in files of every machine with the lowest byte first.
    const count = new DataView((await source.read(offset, 8)).slice().buffer).getBigInt64(0, true);
    offset += 8;
    if (count !== BigInt(pending.numel)) {
      fail(
        source,
        `storage ${quoted(pending.key)} at byte ${offset} has ${count} elements, and the pickle says ${pending.numel}`,
      );
    }
    fillStorage(pending, await source.read(offset, pending.byteLength), { isBigEndian: false });
    offset += pending.byteLength;
  }
  return value;
}

function fail(source: ByteSource, what: string): never {
  throw new CheckpointError(source.name, what, "Copy or download the file again.");
}

/** The pickles of a file, and where the bytes after them begin. */
interface Head {
  readonly world: TorchWorld;
  readonly value: unknown;
  readonly keys: unknown;
  readonly end: number;
}

/** How long the pickles are is known when they are read: more of the file is taken until it is enough. */
async function readHead(source: ByteSource): Promise<Head> {
  for (let length = 2 ** 16; ; length *= 4) {
    const isAll = length >= source.size || length >= maxPickleSize;
    const bytes = await source.read(0, Math.min(length, source.size));
    const head = explainProblems(source.name, "", () => {
      try {
        return readPickles(bytes);
      } catch (error) {
        if (error instanceof PickleCutShort && !isAll) return undefined;
        throw error;
      }
    });
    if (head !== undefined) return head;
  }
}

function readPickles(bytes: Uint8Array): Head {
  const world = new TorchWorld();
  const magic = readPickle(bytes, world);
  if (magic.value !== magicNumber) {
    throw new PickleProblem("a pickle that torch.save did not make", "Load it in Python, and save it with torch.save.");
  }
  const version = readPickle(bytes, world, magic.end);
  if (version.value !== protocolVersion) throw new PickleProblem(`the protocol is not ${protocolVersion}`);
  // What the machine was like, which does not matter.
  const system = readPickle(bytes, world, version.end);
  const saved = readPickle(bytes, world, system.end);
  const keys = readPickle(bytes, world, saved.end);
  return { world, value: toValue(saved.value), keys: keys.value, end: keys.end };
}

/** The storages in the order in which their numbers follow. */
function storagesInOrder(world: TorchWorld, keys: unknown, source: ByteSource): PendingStorage[] {
  const byKey = new Map<unknown, PendingStorage>([...world.storages].map((pending) => [pending.key, pending]));
  const listed = Array.isArray(keys) ? keys : [];
  const inOrder = new Set(listed.map((key) => byKey.get(key) ?? fail(source, "it lists a storage that no tensor has")));
  if (inOrder.size === byKey.size && listed.length === byKey.size) return [...inOrder];
  return fail(source, "it does not list every storage of its tensors once");
}
