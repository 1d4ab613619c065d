/** An argument or option that is not what it must be: of which method, which one, what it must be, what it is. */
export class OptionError extends RangeError {
  override readonly name = "OptionError";
}
