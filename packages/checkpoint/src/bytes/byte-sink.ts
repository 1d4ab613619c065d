/** Takes the bytes of a file, first to last. */
export interface ByteSink {
  /** Write more. The bytes must stay as they are until the promise settles; several writes may be under way, in their order. */
  write(bytes: Uint8Array): Promise<void>;
  /**
   * The same, and give their CRC32: for a sink that computes it elsewhere than on the thread of its caller.
   *
   * @returns undefined where it would not; nothing is written then
   */
  writeWithCrc?(bytes: Uint8Array): Promise<number> | undefined;
}
