/**
 * A place for the files of a writer: a disk ({@link fileSink}), memory ({@link memorySink}), the browser's storage ({@link opfsSink}), a server
 * ({@link postSink}), or one of your own.
 *
 * Paths have `/` between their parts and begin with the writer's `logDir`.
 */
export interface SummarySink {
  /**
   * Begins a new file.
   *
   * @throws an error with `code: "EEXIST"` if there is one already
   */
  create(path: string): SinkFile;
  /** Writes a whole file, replacing one that may be there. The bytes are not changed until it is done. */
  write(path: string, bytes: Uint8Array): void | Promise<void>;
  /** Whether there is such a directory, or a file of that name. A sink that cannot tell at once does without. */
  kindOf?(path: string): "directory" | "file" | undefined;
  /** The names of the files in a directory. A sink that cannot tell at once does without. */
  filesIn?(directory: string): readonly string[];
}

/** A file that grows. */
export interface SinkFile {
  /**
   * Appends the bytes, all or none of them. They are not changed until it is done, and never after that needed.
   *
   * @throws if it cannot; then the same bytes are handed over again later
   */
  append(bytes: Uint8Array): void | Promise<void>;
  close(): void | Promise<void>;
}
