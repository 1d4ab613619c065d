import { DTypeError, type Tensor } from "@anneal/tensor";

/** @throws {DTypeError} unless a tensor holds integers */
export function checkIntegers(where: string, what: string, { dtype }: Tensor): void {
  if (dtype === "int32" || dtype === "int64" || dtype === "uint8") return;
  throw new DTypeError(where, `${what} is ${dtype}`, `Give integers: ${what}.to("int32").`);
}
