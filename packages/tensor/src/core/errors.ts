/** `where: what. How to mend.` */
const sentence = (where: string, what: string, mend: string): string => `${where}: ${what}. ${mend}`;

/** Another message for an error that has been thrown; what is printed of an error that nobody catches is its stack. */
export function reword(error: Error, message: string): Error {
  const { stack, message: before } = error;
  error.message = message;
  if (stack !== undefined) error.stack = stack.replace(before, () => message);
  return error;
}

/** Sizes or dimensions that do not fit. */
export class ShapeError extends RangeError {
  override name = "ShapeError";
  constructor(where: string, what: string, mend: string) {
    super(sentence(where, what, mend));
  }
}

/** A dtype the operation does not take. */
export class DTypeError extends TypeError {
  override name = "DTypeError";
  constructor(where: string, what: string, mend: string) {
    super(sentence(where, what, mend));
  }
}

/** Tensors on different devices, or something a device cannot do. */
export class DeviceError extends Error {
  override name = "DeviceError";
  constructor(where: string, what: string, mend: string) {
    super(sentence(where, what, mend));
  }
}

/** An argument or option out of its range. */
export class OptionError extends RangeError {
  override name = "OptionError";
  constructor(where: string, what: string, mend: string) {
    super(sentence(where, what, mend));
  }
}

/** A tensor used after its memory was given back. */
export class FreedError extends ReferenceError {
  override name = "FreedError";
  constructor(where: string, what: string, mend: string) {
    super(sentence(where, what, mend));
  }
}

/** A gradient that cannot be computed. */
export class GradientError extends Error {
  override name = "GradientError";
  constructor(where: string, what: string, mend: string) {
    super(sentence(where, what, mend));
  }
}
