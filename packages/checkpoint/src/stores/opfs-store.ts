import { blobSource } from "../bytes/blob-source.ts";
import { CheckpointError } from "../checkpoint-error.ts";
import { checkFileName, noSuchFile } from "./file-name.ts";
import type { Store } from "./store.ts";

/**
 * A folder of the browser's private file system (OPFS), which belongs to the page's origin. Large files are at home here: they are streamed
 * in and out. `await navigator.storage.persist()` asks the browser not to clear it when space runs out.
 *
 * @param directory - the folder's name, without slashes; made when the first file is written
 * @throws {Error} if this browser has none, or not for pages without https
 * @see {@link https://developer.mozilla.org/docs/Web/API/File_System_API/Origin_private_file_system}
 */
export function opfsStore(directory = "checkpoints"): Store {
  const root = globalThis.navigator?.storage?.getDirectory?.bind(navigator.storage);
  if (!root) {
    throw new Error(
      "opfsStore: there is no private file system here. It takes a current browser and a page from https or localhost; use indexedDBStore or memoryStore elsewhere.",
    );
  }
  const name = `opfs:${directory}`;
  checkFileName("opfsStore", directory);
  const folder = async (): Promise<FileSystemDirectoryHandle> =>
    (await root()).getDirectoryHandle(directory, { create: true });
  const underWay = new Set<string>();
  const filesIn = async (place: FileSystemDirectoryHandle): Promise<string[]> => {
    const names: string[] = [];
    for await (const [file, { kind }] of place.entries()) if (kind === "file") names.push(file);
    return names.sort();
  };
  const list = async (): Promise<string[]> =>
    (await filesIn(await folder()))
      .filter((file) => !isTemporary(file))
      .map(nameOf)
      .sort();
  return {
    name,
    list,
    async open(file) {
      checkFileName(name, file);
      try {
        const handle = await (await folder()).getFileHandle(entryOf(file));
        return blobSource(await handle.getFile(), `${name}/${file}`);
      } catch (error) {
        if (isNotFound(error)) throw noSuchFile(name, file, await list());
        throw error;
      }
    },
    async write(file, write) {
      checkFileName(name, file);
      const place = await folder();
      const temporary = `${entryOf(file)}.${Math.random().toString(36).slice(2, 10)}.tmp`;
      underWay.add(temporary);
      try {
        const handle = await place.getFileHandle(temporary, { create: true });
        const stream = await handle.createWritable();
        try {
          await write({ write: (bytes) => stream.write(new Uint8Array(bytes)) });
        } catch (error) {
          await stream.abort().catch(() => {});
          throw error;
        }
        await stream.close();
        await (handle as MovableHandle).move(entryOf(file));
      } catch (error) {
        await place.removeEntry(temporary).catch(() => {});
        if (!(error instanceof DOMException)) throw error;
        const what = `could not be written (${error.name}: ${error.message})`;
        throw new CheckpointError(`${name}/${file}`, what, "What was there before is untouched.", { cause: error });
      } finally {
        underWay.delete(temporary);
      }
    },
    async remove(file) {
      checkFileName(name, file);
      await (await folder()).removeEntry(entryOf(file)).catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
    },
    async removeLeftovers() {
      const place = await folder();
      const leftovers = (await filesIn(place)).filter(
        (file) => isTemporary(file) && !underWay.has(file.replace(/\.crswap$/, "")),
      );
      // One that another page is writing is locked, and stays.
      for (const file of leftovers) await place.removeEntry(file).catch(() => {});
    },
  };
}

/** `move` is in every browser and not yet in the standard. It takes the place of a file of that name. */
interface MovableHandle extends FileSystemFileHandle {
  move(name: string): Promise<void>;
}

/** The name of a file's entry. Chromium moves files to names beyond ASCII only where the system's language settings are of UTF-8. */
const entryOf = (file: string): string => file.replace(/[^ -~]|%/gu, encodeURIComponent);

/** What {@link entryOf} was given; an entry that somebody else named is called as it is. */
function nameOf(entry: string): string {
  try {
    const file = decodeURIComponent(entry);
    return entryOf(file) === entry ? file : entry;
  } catch {
    return entry;
  }
}

/** Chromium streams into a file of its own beside it, which it lists too. */
const isTemporary = (file: string): boolean => /\.[a-z0-9]+\.tmp(\.crswap)?$/.test(file);

const isNotFound = (error: unknown): boolean => error instanceof DOMException && error.name === "NotFoundError";
