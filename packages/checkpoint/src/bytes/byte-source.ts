/** Bytes that can be read in any order, several reads under way at once: a file, a `Blob`, a URL, memory. */
export interface ByteSource {
  /** What messages call it. */
  readonly name: string;
  /** Its length in bytes. */
  readonly size: number;
  /** Reading so many bytes at once is worth it: neighbours are read together up to it. @defaultValue 0 */
  readonly chunkSize?: number;
  /**
   * Exactly `length` bytes from `offset` on. They are the caller's to read and not to write: they may be the source's own.
   *
   * @throws {CheckpointError} if there are not so many bytes, or they cannot be read
   */
  read(offset: number, length: number): Promise<Uint8Array>;
  /**
   * Bytes from `offset` on in pieces of these lengths, each in memory of its own. Sources that can do it without copying have it; for the
   * others, `readPieces` does.
   *
   * @throws {CheckpointError} if there are not so many bytes, or they cannot be read
   */
  readPieces?(offset: number, lengths: readonly number[]): Promise<Uint8Array[]>;
  /** Likewise into memory of the caller's, for what is read in parts. Sources that can do it without copying have it. */
  readInto?(offset: number, bytes: Uint8Array): Promise<void>;
  /** Let go of what it holds open. */
  close(): Promise<void>;
}
