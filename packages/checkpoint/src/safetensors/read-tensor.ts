import type { ByteSource } from "../bytes/byte-source.ts";
import { readPieces } from "../bytes/read-pieces.ts";
import { CheckpointError } from "../checkpoint-error.ts";
import { inParallel } from "../in-parallel.ts";
import { quoted, shownShape } from "../shown.ts";
import type { DType } from "../tensors/dtype.ts";
import { SavedTensor } from "../tensors/saved-tensor.ts";
import { dtypeOf } from "./file-dtypes.ts";
import type { Header, TensorEntry } from "./header.ts";

/** An open file. */
export interface Part {
  readonly source: ByteSource;
  readonly header: Header;
}

// Enough to keep a disk or a connection busy.
const readsAtOnce = 4;

/** Read one tensor. */
export async function readTensor(part: Part, name: string, entry: TensorEntry): Promise<SavedTensor> {
  const kind = kindOf(part, name, entry);
  const { source, header } = part;
  return tensorOf(kind, await source.read(header.dataStart + entry.begin, entry.end - entry.begin));
}

/**
 * Read tensors that are given in the order of their data: neighbours together, each into memory of its own, so that who keeps one or hands it
 * to a worker keeps or hands over no other.
 */
export async function readTensors(
  part: Part,
  entries: Iterable<readonly [string, TensorEntry]>,
): Promise<Map<string, SavedTensor>> {
  const { source, header } = part;
  const tensors = new Map<string, SavedTensor>();
  const runs: Run[] = [];
  for (const [name, entry] of entries) {
    const last = runs.at(-1);
    const member = { name, entry, kind: kindOf(part, name, entry) };
    // In its place in the order, which reads that end out of turn must not change.
    tensors.set(name, tensorOf(member.kind, new Uint8Array(0)));
    if (last?.end === entry.begin && entry.end - last.begin <= (source.chunkSize ?? 0)) {
      last.members.push(member);
      last.end = entry.end;
    } else runs.push({ begin: entry.begin, end: entry.end, members: [member] });
  }
  await inParallel(runs, readsAtOnce, async ({ begin, members }) => {
    const lengths = members.map(({ entry }) => entry.end - entry.begin);
    const pieces = await readPieces(source, header.dataStart + begin, lengths);
    for (const [i, { name, kind }] of members.entries()) tensors.set(name, tensorOf(kind, pieces[i] as Uint8Array));
  });
  return tensors;
}

/** Tensors that are read together. */
interface Run {
  readonly begin: number;
  end: number;
  readonly members: { readonly name: string; readonly entry: TensorEntry; readonly kind: Kind }[];
}

/** What PyTorch would call the tensor. */
interface Kind {
  readonly dtype: DType;
  readonly shape: readonly number[];
}

const tensorOf = ({ dtype, shape }: Kind, bytes: Uint8Array): SavedTensor =>
  new SavedTensor({ dtype, shape, storage: { bytes } });

/** @throws {CheckpointError} if PyTorch has no such tensors */
export function kindOf({ source }: Part, name: string, { dtype: fileDType, shape }: TensorEntry): Kind {
  const dtype = dtypeOf(fileDType);
  if (dtype === undefined) {
    throw new CheckpointError(
      source.name,
      `tensor ${quoted(name)} is of ${fileDType}, which PyTorch has no dtype for`,
      "Read the others one by one with openSafetensors.",
    );
  }
  if (dtype !== "float4_e2m1fn_x2") return { dtype, shape };
  const last = shape.at(-1);
  if (last === undefined || last % 2 !== 0) {
    throw new CheckpointError(
      source.name,
      `tensor ${quoted(name)} is of F4 and shape ${shownShape(shape)}, and PyTorch counts pairs of them along the last dimension`,
      "Read the others one by one with openSafetensors.",
    );
  }
  return { dtype, shape: [...shape.slice(0, -1), last / 2] };
}
