import type { SinkFile, SummarySink } from "./summary-sink.ts";

/**
 * Files on disk, in Node: what a {@link SummaryWriter} uses there unless told otherwise. Directories are made as they are needed.
 *
 * What was appended is with the operating system when `append` returns, so it outlives the process, however that ends.
 *
 * @throws {Error} where there is no file system
 * @example
 * import { fileSink, SummaryWriter } from "@anneal/summary";
 *
 * const writer = new SummaryWriter("runs/a", { sink: fileSink() }); // the same without the option
 * await writer.close();
 */
export function fileSink(): SummarySink {
  if (typeof process === "undefined" || !process.getBuiltinModule) {
    const mend = "Give a sink: memorySink(), opfsSink() or postSink(url).";
    throw new Error(`SummaryWriter: there is no file system here. ${mend}`);
  }
  const fs = process.getBuiltinModule("node:fs");
  const { dirname } = process.getBuiltinModule("node:path");

  function makeDirectory(path: string): void {
    try {
      fs.mkdirSync(path, { recursive: true });
    } catch (cause) {
      throw new Error(
        `SummaryWriter: no directory ${path} could be made. Give a logDir below one that may be written to.`,
        { cause },
      );
    }
  }

  return {
    create(path: string): SinkFile {
      makeDirectory(dirname(path));
      const file = fs.openSync(path, "wx");
      let position = 0;
      return {
        append(bytes) {
          // `position` moves on when all is written: after a failure the same bytes go to the same place again.
          for (let done = 0; done < bytes.length; ) {
            done += fs.writeSync(file, bytes, done, bytes.length - done, position + done);
          }
          position += bytes.length;
        },
        close() {
          fs.closeSync(file);
        },
      };
    },
    write(path, bytes) {
      makeDirectory(dirname(path));
      fs.writeFileSync(path, bytes);
    },
    kindOf(path) {
      const found = fs.statSync(path, { throwIfNoEntry: false });
      return found && (found.isDirectory() ? "directory" : "file");
    },
    filesIn(directory) {
      return fs.existsSync(directory) ? fs.readdirSync(directory) : [];
    },
  };
}
