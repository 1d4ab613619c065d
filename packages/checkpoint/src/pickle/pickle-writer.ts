import { opcodes } from "./opcodes.ts";

/** Writes a pickle of protocol 2, value after value. What is remembered can be pushed again, as the same object. */
export class PickleWriter {
  #bytes = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  #nextMemo = 0;
  /** Strings and names are the same object wherever they stand, which also keeps files small. */
  readonly #strings = new Map<string, number>();
  readonly #globals = new Map<string, number>();

  constructor() {
    this.#u8(opcodes.PROTO, 2);
  }

  /** All that was written, ended. */
  finish(): Uint8Array {
    this.#u8(opcodes.STOP);
    return this.#bytes.subarray(0, this.#length);
  }

  op(name: keyof typeof opcodes): void {
    this.#u8(opcodes[name]);
  }

  none(): void {
    this.op("NONE");
  }

  bool(value: boolean): void {
    this.op(value ? "NEWTRUE" : "NEWFALSE");
  }

  float(value: number): void {
    this.op("BINFLOAT");
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value);
    this.#length += 8;
  }

  /** @throws {RangeError} if it has more than 255 bytes, PyTorch's limit */
  int(value: number | bigint): void {
    if (value >= -(2 ** 31) && value < 2 ** 31) this.#shortInt(Number(value));
    else this.#longInt(BigInt(value));
  }

  #shortInt(value: number): void {
    if (value >= 0 && value < 2 ** 8) this.#u8(opcodes.BININT1, value);
    else if (value >= 0 && value < 2 ** 16) this.#u8(opcodes.BININT2, value & 0xff, value >> 8);
    else {
      this.op("BININT");
      this.#u32(value >>> 0);
    }
  }

  #longInt(value: bigint): void {
    const bytes: number[] = [];
    let rest = value;
    do {
      bytes.push(Number(rest & 0xffn));
      rest >>= 8n;
      // Until the sign can be told from the last byte.
    } while (rest !== ((bytes.at(-1) as number) & 0x80 ? -1n : 0n));
    if (bytes.length > 255) throw new RangeError(`an int of ${bytes.length} bytes, and files take 255`);
    this.#u8(opcodes.LONG1, bytes.length, ...bytes);
  }

  string(value: string): void {
    if (this.#recall(this.#strings, value)) return;
    this.op("BINUNICODE");
    const utf8 = new TextEncoder().encode(value);
    this.#u32(utf8.length);
    this.#raw(utf8);
    this.#strings.set(value, this.remember());
  }

  /** A name of Python: a class or a function. */
  global(module: string, name: string): void {
    const lines = `${module}\n${name}\n`;
    if (this.#recall(this.#globals, lines)) return;
    this.op("GLOBAL");
    this.#raw(new TextEncoder().encode(lines));
    this.#globals.set(lines, this.remember());
  }

  /** Give the value just written a number by which `recall` writes it again. */
  remember(): number {
    const memo = this.#nextMemo++;
    this.#memo(opcodes.BINPUT, opcodes.LONG_BINPUT, memo);
    return memo;
  }

  recall(memo: number): void {
    this.#memo(opcodes.BINGET, opcodes.LONG_BINGET, memo);
  }

  #recall(remembered: ReadonlyMap<string, number>, text: string): boolean {
    const memo = remembered.get(text);
    if (memo !== undefined) this.recall(memo);
    return memo !== undefined;
  }

  #memo(short: number, long: number, memo: number): void {
    if (memo < 256) {
      this.#u8(short, memo);
    } else {
      this.#u8(long);
      this.#u32(memo);
    }
  }

  #u8(...bytes: number[]): void {
    this.#raw(bytes);
  }

  #u32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  #raw(bytes: ArrayLike<number>): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + count));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}
