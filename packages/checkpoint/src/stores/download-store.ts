import { blobSource } from "../bytes/blob-source.ts";
import { checkFileName, noSuchFile } from "./file-name.ts";
import type { Store } from "./store.ts";

/** The files that the user of a page takes away and brings back. */
export interface DownloadStore extends Store {
  /**
   * Add a file that the user has brought: dropped on the page, or chosen in an `<input type="file">`.
   *
   * @returns its name
   */
  add(file: File): string;
  /**
   * Let the user choose a file. Call it when they clicked: browsers open no dialog on their own.
   *
   * @returns its name, or null if they chose none
   */
  choose(): Promise<string | null>;
}

/**
 * Files that go to the user of a page as downloads, and come back as uploads. What was written or added while the page is open can be read again;
 * what is removed is forgotten here and stays where the user has put it.
 *
 * @throws {Error} if this is no page
 */
export function downloadStore(): DownloadStore {
  if (globalThis.document === undefined) {
    throw new Error("downloadStore: there is no page here. Use directoryStore in Node, memoryStore elsewhere.");
  }
  const name = "downloads";
  const files = new Map<string, Blob>();
  const list = (): string[] => [...files.keys()].sort();
  const add = (file: File): string => {
    files.set(file.name, file);
    return file.name;
  };
  return {
    name,
    add,
    async choose() {
      const file = await chooseFile();
      return file ? add(file) : null;
    },
    list: async () => list(),
    async open(file) {
      checkFileName(name, file);
      const blob = files.get(file);
      if (blob) return blobSource(blob, `${name}/${file}`);
      throw noSuchFile(name, file, list(), " Let the user choose it: store.choose().");
    },
    async write(file, write) {
      checkFileName(name, file);
      // Blobs of the parts, and not the parts: browsers keep large ones on the disk.
      const parts: Blob[] = [];
      await write({ write: async (bytes) => void parts.push(new Blob([new Uint8Array(bytes)])) });
      const blob = new Blob(parts, { type: "application/octet-stream" });
      download(file, blob);
      files.set(file, blob);
    },
    async remove(file) {
      checkFileName(name, file);
      files.delete(file);
    },
  };
}

function download(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  Object.assign(link, { href: url, download: name });
  link.click();
  // The browser has to come round to it first.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function chooseFile(): Promise<File | null> {
  const input = document.createElement("input");
  input.type = "file";
  return new Promise((resolve) => {
    input.onchange = () => resolve(input.files?.[0] ?? null);
    input.oncancel = () => resolve(null);
    input.click();
  });
}
