/** An option that is not what it must be: which schedule, which option, what it must be, what it is. */
export class OptionError extends RangeError {
  override readonly name = "OptionError";
}
