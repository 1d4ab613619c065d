/** Takes the bytes of a file, first to last. */
export interface ByteSink {
  /** Write more. The bytes must stay as they are until the promise settles; several writes may be under way, in their order. */
  write(bytes: Uint8Array): Promise<void>;
}
