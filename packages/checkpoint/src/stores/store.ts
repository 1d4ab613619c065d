import type { ByteSink } from "../bytes/byte-sink.ts";
import type { ByteSource } from "../bytes/byte-source.ts";

/** A place for files: a folder of the file system, memory, what a browser offers. One level deep; names have no slashes. */
export interface Store {
  /** What messages call it. */
  readonly name: string;
  /** The names of its files, sorted. */
  list(): Promise<string[]>;
  /**
   * A file to read from. Close it.
   *
   * @throws {CheckpointError} if there is none of that name
   */
  open(name: string): Promise<ByteSource>;
  /**
   * Write a file whole or not at all: where `write` fails, or the process ends meanwhile, what was there before stays.
   *
   * @param write - writes the content
   * @throws {CheckpointError} if it could not be written; whatever `write` throws
   */
  write(name: string, write: (sink: ByteSink) => Promise<void>): Promise<void>;
  /** Remove a file. That there is none of that name is no error. */
  remove(name: string): Promise<void>;
  /** Remove what writers that were killed have left behind; it is in no list. */
  removeLeftovers?(): Promise<void>;
}
