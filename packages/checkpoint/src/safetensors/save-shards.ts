import { nodeFileSystem } from "../bytes/node-modules.ts";
import { openSource } from "../bytes/open-source.ts";
import { pathOrUrl } from "../bytes/path-or-url.ts";
import { writeFileAtomically } from "../bytes/write-file.ts";
import type { Target } from "../bytes/write-target.ts";
import { indexOf } from "./locate.ts";
import { type NamedTensor, planFile } from "./plan-file.ts";
import { readShardIndex } from "./shard-index.ts";
import { writePlan } from "./write-plan.ts";

interface ShardOptions {
  readonly metadata: ReadonlyMap<string, string>;
  readonly maxShardSize: number;
}

const ending = ".safetensors";

/** Write a model in files of at most `maxShardSize` bytes of tensors: one of the name given, or several and their index. */
export async function saveShards(
  tensors: readonly NamedTensor[],
  target: Target,
  { metadata, maxShardSize }: ShardOptions,
): Promise<void> {
  const path = typeof target === "string" || target instanceof URL ? pathOrUrl(target) : undefined;
  if (typeof path !== "string" || !path.endsWith(ending)) {
    throw new TypeError(
      `saveSafetensors: with maxShardSize the target must be a path that ends in ${ending}, got ${String(target)}. The files of the model are named after it.`,
    );
  }
  const shards = split(tensors, maxShardSize);
  const { basename, dirname, join } = process.getBuiltinModule("node:path");
  const beside = (file: string): string => join(dirname(path), file);
  const isWhole = shards.length <= 1;
  const files = shards.map((_, i) => (isWhole ? basename(path) : shardName(basename(path), i, shards.length)));
  const stale = [...(await shardsThere(path)), basename(isWhole ? indexOf(path) : path)];
  const { rename, rm } = nodeFileSystem();
  const finished: string[] = [];
  try {
    // Under other names until all are there: with an older save of the model they would make up a model of neither.
    for (const [i, file] of files.entries()) {
      const plan = planFile("saveSafetensors", shards[i] as NamedTensor[], metadata);
      const part = `${beside(file)}.part`;
      await writeFileAtomically(part, (sink) => writePlan(plan, sink));
      finished.push(part);
    }
    for (const part of finished) await rename(part, part.slice(0, -".part".length));
  } catch (error) {
    for (const part of finished) await rm(part, { force: true });
    throw error;
  }
  if (!isWhole) {
    const index = new TextEncoder().encode(indexText(shards, files));
    await writeFileAtomically(indexOf(path), (sink) => sink.write(index));
  }
  // What readers would take for a part of this model.
  for (const file of stale) if (!files.includes(file)) await rm(beside(file), { force: true });
}

/** In the order given; a tensor that is too large for any file has one for itself. */
function split(tensors: readonly NamedTensor[], maxShardSize: number): NamedTensor[][] {
  const shards: NamedTensor[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const tensor of tensors) {
    const { byteLength } = tensor.tensor;
    const last = shards.at(-1);
    if (last && size + byteLength <= maxShardSize) {
      last.push(tensor);
      size += byteLength;
    } else {
      shards.push([tensor]);
      size = byteLength;
    }
  }
  return shards.length > 0 ? shards : [[]];
}

/** `model-00002-of-00003.safetensors`. */
const shardName = (whole: string, i: number, count: number): string => {
  const digits = (number: number): string => String(number).padStart(5, "0");
  return `${whole.slice(0, -ending.length)}-${digits(i + 1)}-of-${digits(count)}${ending}`;
};

/** As Hugging Face's libraries write it: the tensors by name, two spaces for each level. */
function indexText(shards: readonly (readonly NamedTensor[])[], files: readonly string[]): string {
  const size = shards.flat().reduce((sum, { tensor }) => sum + tensor.byteLength, 0);
  const lines = shards.flatMap((shard, i) =>
    shard.map(({ name }) => `    ${JSON.stringify(name)}: ${JSON.stringify(files[i])}`),
  );
  const map = `{\n${lines.sort().join(",\n")}\n  }`;
  return `{\n  "metadata": {\n    "total_size": ${size}\n  },\n  "weight_map": ${map}\n}\n`;
}

/** The files of a sharded model that was saved in this place before. */
async function shardsThere(path: string): Promise<string[]> {
  const source = await openSource(indexOf(path)).catch(() => undefined);
  if (!source) return [];
  const stem = process.getBuiltinModule("node:path").basename(path, ending);
  try {
    const files = new Set((await readShardIndex(source)).values());
    return [...files].filter(
      (file) => file.startsWith(stem) && /^-\d{5}-of-\d{5}\.safetensors$/.test(file.slice(stem.length)),
    );
  } catch {
    return [];
  } finally {
    await source.close();
  }
}
