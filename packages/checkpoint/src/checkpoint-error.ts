/** A file that cannot be read or written as asked: which file, where in it, what is wrong, what to do. */
export class CheckpointError extends Error {
  override readonly name = "CheckpointError";
  /** The file, as it was named. */
  readonly file: string;

  /**
   * @param file - its name or path
   * @param what - what is wrong, with the place: `header, bytes 8 to 207: not valid JSON`
   * @param mend - what the reader of the message can do about it, a sentence
   */
  constructor(file: string, what: string, mend: string, options?: ErrorOptions) {
    super(`${file}: ${what}. ${mend}`, options);
    this.file = file;
  }
}
