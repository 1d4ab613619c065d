import { openSource, type Source } from "../bytes/open-source.ts";
import { pathOrUrl } from "../bytes/path-or-url.ts";
import { CheckpointError } from "../checkpoint-error.ts";
import { inParallel } from "../in-parallel.ts";
import { quoted } from "../shown.ts";
import { readHeader } from "./header.ts";
import { locate } from "./locate.ts";
import type { Part } from "./read-tensor.ts";
import { readShardIndex } from "./shard-index.ts";

// Browsers open about so many connections to one server.
const filesAtOnce = 6;

/**
 * Open a file, or all files of a sharded model, and read the headers. Close their sources.
 *
 * @throws {CheckpointError} if one cannot be read, or is not as the format says
 */
export async function openParts(source: Source): Promise<Part[]> {
  if (typeof source === "string" || source instanceof URL) {
    const place = await locate(pathOrUrl(source));
    return isIndex(place) ? openShards(place, (file) => sibling(place, file)) : [await openPart(place)];
  }
  if (source instanceof Request && isIndex(new URL(source.url))) {
    return openShards(source, (file) => new Request(sibling(new URL(source.url), file), source));
  }
  return [await openPart(source)];
}

const isIndex = (place: string | URL): boolean =>
  (typeof place === "string" ? place : place.pathname).endsWith(".index.json");

/** The file of this name beside `place`. */
function sibling(place: string | URL, file: string): string | URL {
  if (typeof place !== "string") return new URL(encodeURIComponent(file), place);
  const { dirname, join } = process.getBuiltinModule("node:path");
  return join(dirname(place), file);
}

async function openPart(place: Source): Promise<Part> {
  const source = await openSource(place);
  try {
    return { source, header: await readHeader(source) };
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function openShards(place: Source, shardAt: (file: string) => Source): Promise<Part[]> {
  const source = await openSource(place);
  const index = await readShardIndex(source).finally(() => source.close());
  const files = [...new Set(index.values())];
  const shards = new Map<string, Part>();
  try {
    await inParallel(files, filesAtOnce, async (file) => void shards.set(file, await openPart(shardAt(file))));
    for (const [name, file] of index) {
      if (shards.get(file)?.header.entries.has(name)) continue;
      throw new CheckpointError(
        source.name,
        `tensor ${quoted(name)} is said to be in ${quoted(file)}, and is not`,
        "Its files are of different saves: get all of them again.",
      );
    }
    return files.flatMap((file) => {
      const part = shards.get(file);
      if (!part) return [];
      // The index decides which tensors there are.
      const listed = [...part.header.entries].filter(([name]) => index.get(name) === file);
      return [{ source: part.source, header: { ...part.header, entries: new Map(listed) } }];
    });
  } catch (error) {
    await Promise.all([...shards.values()].map(({ source: shard }) => shard.close()));
    throw error;
  }
}
