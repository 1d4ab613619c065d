import { CheckpointError } from "../checkpoint-error.ts";
import { checkFileName, noSuchFile } from "./file-name.ts";
import { requestOf, transactionOf } from "./indexed-db.ts";
import { type PiecedFile, PieceWriter, pieceSource, piecesOf } from "./indexed-db-pieces.ts";
import type { Store } from "./store.ts";

const version = 1;
/**
 * A data base of the browser's IndexedDB, which belongs to the page's origin: for browsers without a private file system (`opfsStore`), which
 * is faster. `await navigator.storage.persist()` asks the browser not to clear it when space runs out.
 *
 * @param database - its name; made when it is first used
 * @throws {Error} if there is no IndexedDB here
 * @see {@link https://developer.mozilla.org/docs/Web/API/IndexedDB_API}
 */
export function indexedDBStore(database = "checkpoints"): Store {
  if (globalThis.indexedDB === undefined) {
    throw new Error("indexedDBStore: there is no IndexedDB here. Use directoryStore in Node, memoryStore elsewhere.");
  }
  const name = `indexeddb:${database}`;
  const underWay = new Set<string>();
  let opened: Promise<IDBDatabase> | undefined;
  const db = (): Promise<IDBDatabase> => {
    opened ??= openDatabase(database);
    return opened;
  };
  const list = async (): Promise<string[]> => {
    const files = (await db()).transaction("files").objectStore("files");
    return (await requestOf(files.getAllKeys())).map(String).sort();
  };
  return {
    name,
    list,
    async open(file) {
      checkFileName(name, file);
      const base = await db();
      const entry: PiecedFile | undefined = await requestOf(base.transaction("files").objectStore("files").get(file));
      if (!entry) throw noSuchFile(name, file, await list());
      return pieceSource(`${name}/${file}`, base, entry);
    },
    async write(file, write) {
      checkFileName(name, file);
      const base = await db();
      const id = crypto.randomUUID();
      underWay.add(id);
      try {
        const pieces = new PieceWriter(base, id);
        await write(pieces);
        const size = await pieces.end();
        await replace(base, file, { id, size });
      } catch (error) {
        await removePieces(base, id).catch(() => {});
        if (!(error instanceof DOMException)) throw error;
        const what = `could not be written (${error.name}: ${error.message})`;
        throw new CheckpointError(`${name}/${file}`, what, "What was there before is untouched.", { cause: error });
      } finally {
        underWay.delete(id);
      }
    },
    async remove(file) {
      checkFileName(name, file);
      await replace(await db(), file, undefined);
    },
    async removeLeftovers() {
      const base = await db();
      const transaction = base.transaction(["files", "pieces"]);
      const entries: PiecedFile[] = await requestOf(transaction.objectStore("files").getAll());
      const known = new Set([...entries.map(({ id }) => id), ...underWay]);
      const keys = await requestOf(transaction.objectStore("pieces").getAllKeys());
      const ids = new Set(keys.map((key) => (key as [string, number])[0]));
      for (const id of ids) if (!known.has(id)) await removePieces(base, id);
    },
  };
}

async function openDatabase(database: string): Promise<IDBDatabase> {
  const request = indexedDB.open(database, version);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("files");
    request.result.createObjectStore("pieces");
  };
  const base = await requestOf(request);
  // Another page wants to remove the data base or to change its layout.
  base.onversionchange = () => base.close();
  return base;
}

/** The one moment in which a file becomes another: its old pieces go in the same transaction. */
async function replace(base: IDBDatabase, file: string, entry: PiecedFile | undefined): Promise<void> {
  const transaction = base.transaction(["files", "pieces"], "readwrite", { durability: "strict" });
  const files = transaction.objectStore("files");
  const pieces = transaction.objectStore("pieces");
  const old = files.get(file);
  old.onsuccess = () => {
    const before: PiecedFile | undefined = old.result;
    if (before) pieces.delete(piecesOf(before.id));
    if (entry) files.put(entry, file);
    else files.delete(file);
  };
  await transactionOf(transaction);
}

async function removePieces(base: IDBDatabase, id: string): Promise<void> {
  const transaction = base.transaction("pieces", "readwrite");
  transaction.objectStore("pieces").delete(piecesOf(id));
  await transactionOf(transaction);
}
