/** An option outside what it may be: which function or class, which option, what it needs, what it got. */
export class OptionError extends RangeError {
  override readonly name = "OptionError";

  constructor(where: string, option: string, need: string, got: unknown) {
    super(`${where}: ${option} must be ${need}, got ${typeof got === "string" ? JSON.stringify(got) : String(got)}.`);
  }
}
