import type { SummarySink } from "./summary-sink.ts";

/**
 * Files in the browser's own storage for the page's origin (OPFS), where they stay after the page is closed.
 *
 * @param directory - where in it
 * @defaultValue the storage's root
 * @see {@link https://fs.spec.whatwg.org/ | File System Standard}
 */
export function opfsSink(directory?: FileSystemDirectoryHandle): SummarySink {
  async function fileAt(path: string): Promise<FileSystemFileHandle> {
    let at = directory ?? (await navigator.storage.getDirectory());
    const parts = path.split("/").filter((part) => part !== "" && part !== ".");
    for (const part of parts.slice(0, -1)) at = await at.getDirectoryHandle(part, { create: true });
    return at.getFileHandle(parts.at(-1) ?? path, { create: true });
  }

  return {
    create(path) {
      const file = fileAt(path);
      let position = 0;
      return {
        async append(bytes) {
          // What is written is in the file when the stream is closed, so each batch has its own.
          const stream = await (await file).createWritable({ keepExistingData: true });
          await stream.write({ type: "write", position, data: bytes.slice() });
          await stream.close();
          position += bytes.length;
        },
        close() {},
      };
    },
    async write(path, bytes) {
      const stream = await (await fileAt(path)).createWritable();
      await stream.write(bytes.slice());
      await stream.close();
    },
  };
}
