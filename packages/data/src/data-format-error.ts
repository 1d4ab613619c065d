/** A file that is not what it should be: which file, what is wrong, what to do. Nothing of it was used. */
export class DataFormatError extends Error {
  override readonly name = "DataFormatError";

  constructor(file: string, what: string, mend: string, options?: ErrorOptions) {
    super(`${file}: ${what}. ${mend}`, options);
  }
}
