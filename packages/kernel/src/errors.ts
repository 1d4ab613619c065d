/** A value of one type where another is needed. */
export class DTypeError extends TypeError {
  override readonly name = "DTypeError";
}

/** A target cannot do what the kernel asks of it. */
export class DeviceError extends Error {
  override readonly name = "DeviceError";
}
