import { valueTypes } from "./assembler/function-builder.ts";
import { opcodes } from "./assembler/opcodes.ts";

/**
 * A module's text, in the manner of WebAssembly's text format: one instruction a line, blocks indented. It knows the instructions our
 * assembler writes, and no others.
 *
 * @throws {RangeError} if the bytes are not a module, or hold anything our assembler does not write
 * @example
 * const nothing = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
 * disassemble(nothing); // => "(module\n)"
 */
export function disassemble(bytes: Uint8Array): string {
  const reader = new Reader(bytes);
  if (reader.fixed("getUint32", 4) !== 0x6d736100)
    throw new RangeError("disassemble: not a WebAssembly module. Pass a module's bytes.");
  reader.at += 4;
  const types: string[] = [];
  const signatures: string[] = [];
  const exported = new Map<number, string>();
  const lines: string[] = [];
  let imported = 0;
  while (reader.at < bytes.length) {
    const id = reader.byte();
    const end = reader.unsigned() + reader.at;
    if (id === 1) reader.list(() => types.push(signature(reader)));
    else if (id === 2) {
      reader.list(() => {
        const name = `"${reader.text()}" "${reader.text()}"`;
        if (reader.byte() === 2) lines.push(`  (import ${name} (memory ${limits(reader)}))`);
        else lines.push(`  (import ${name} (func $${imported++}${types[reader.unsigned()]}))`);
      });
    } else if (id === 3) reader.list(() => signatures.push(types[reader.unsigned()] as string));
    else if (id === 7) {
      reader.list(() => {
        const name = reader.text();
        reader.at++;
        exported.set(reader.unsigned(), name);
      });
    } else if (id === 10) {
      let number = 0;
      reader.list(() => {
        const index = imported + number;
        const name = exported.get(index);
        lines.push(
          `  (func $${index}${name === undefined ? "" : ` (export "${name}")`}${signatures[number++]}`,
          ...body(reader),
          "  )",
        );
      });
    }
    reader.at = end;
  }
  return ["(module", ...lines, ")"].join("\n");
}

const typeNames = new Map(Object.entries(valueTypes).map(([name, code]) => [code, name]));

function signature(reader: Reader): string {
  reader.at++;
  const params = reader.list(() => typeNames.get(reader.byte()));
  const results = reader.list(() => typeNames.get(reader.byte()));
  return [
    ...(params.length > 0 ? [` (param ${params.join(" ")})`] : []),
    ...(results.length > 0 ? [` (result ${results.join(" ")})`] : []),
  ].join("");
}

function limits(reader: Reader): string {
  const flags = reader.byte();
  const least = reader.unsigned();
  const most = flags & 1 ? ` ${reader.unsigned()}` : "";
  return `${least}${most}${flags & 2 ? " shared" : ""}`;
}

function body(reader: Reader): string[] {
  const end = reader.unsigned() + reader.at;
  const locals = reader.list(() => Array(reader.unsigned()).fill(typeNames.get(reader.byte())).join(" "));
  const lines = locals.length > 0 ? [`    (local ${locals.join(" ")})`] : [];
  let depth = 2;
  // The last byte ends the function.
  while (reader.at < end - 1) {
    const text = instruction(reader);
    if (text === "end" || text === "else") depth--;
    lines.push("  ".repeat(depth) + text);
    if (text === "else" || /^(block|loop|if)\b/.test(text)) depth++;
  }
  reader.at = end;
  return lines;
}

const byCode = (table: Readonly<Record<string, number>>): Map<number, string> =>
  new Map(Object.entries(table).map(([name, code]) => [code, name]));
const memoryByCode = (prefix: number): Map<number, string> =>
  new Map(Object.entries(opcodes.memory).flatMap(([name, [p, code]]) => (p === prefix ? [[code, name] as const] : [])));

const plain = byCode(opcodes.plain);
const saturating = byCode(opcodes.saturating);
const vector = byCode(opcodes.vector);
const lanes = byCode(opcodes.lane);
const memory = memoryByCode(0);
const vectorMemory = memoryByCode(0xfd);
const laneMemory = new Map(Object.entries(opcodes.laneMemory).map(([name, [code]]) => [code as number, name]));

const indexed = new Map([
  [0x0c, "br"],
  [0x0d, "br_if"],
  [0x10, "call"],
  [0x20, "local.get"],
  [0x21, "local.set"],
  [0x22, "local.tee"],
]);
const blocks = new Map([
  [0x02, "block"],
  [0x03, "loop"],
  [0x04, "if"],
]);

function instruction(reader: Reader): string {
  const start = reader.at;
  const code = reader.byte();
  if (code === 0xfc || code === 0xfd) return prefixed(reader, code, start);
  const index = indexed.get(code);
  if (index) return `${index} ${reader.unsigned()}`;
  const block = blocks.get(code);
  if (block) {
    const result = typeNames.get(reader.byte());
    return result ? `${block} (result ${result})` : block;
  }
  if (code === 0x05) return "else";
  if (code === 0x0b) return "end";
  if (code === 0x41) return `i32.const ${reader.signed()}`;
  if (code === 0x42) return `i64.const ${reader.signed()}`;
  if (code === 0x43) return `f32.const ${number(reader.fixed("getFloat32", 4))}`;
  if (code === 0x44) return `f64.const ${number(reader.fixed("getFloat64", 8))}`;
  const access = memory.get(code);
  if (access) return access + address(reader);
  return plain.get(code) ?? unknown(reader, start);
}

function prefixed(reader: Reader, prefix: number, start: number): string {
  const code = reader.unsigned();
  if (prefix === 0xfc) {
    if (code === 10 || code === 11) {
      reader.at += code === 10 ? 2 : 1;
      return code === 10 ? "memory.copy" : "memory.fill";
    }
    return saturating.get(code) ?? unknown(reader, start);
  }
  if (code === 12)
    return `v128.const i32x4 ${[0, 1, 2, 3].map(() => `0x${reader.fixed("getUint32", 4).toString(16).padStart(8, "0")}`).join(" ")}`;
  if (code === 13) return `i8x16.shuffle ${Array.from({ length: 16 }, () => reader.byte()).join(" ")}`;
  const access = vectorMemory.get(code);
  if (access) return access + address(reader);
  const lane = lanes.get(code);
  if (lane) return `${lane} ${reader.byte()}`;
  const laneAccess = laneMemory.get(code);
  if (laneAccess) return `${laneAccess}${address(reader)} ${reader.byte()}`;
  return vector.get(code) ?? unknown(reader, start);
}

function unknown(reader: Reader, start: number): never {
  const bytes = reader.hex(start);
  throw new RangeError(
    `disassemble: the instruction ${bytes} at byte ${start} is not one our assembler writes. Add it to opcodes.ts.`,
  );
}

/** The offset of a load or store; its alignment is left out. */
function address(reader: Reader): string {
  reader.unsigned();
  const offset = reader.unsigned();
  return offset === 0 ? "" : ` offset=${offset}`;
}

const number = (value: number): string =>
  Object.is(value, -0) ? "-0" : String(value).replace("Infinity", "inf").replace("NaN", "nan");

class Reader {
  at = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  byte(): number {
    const byte = this.#bytes[this.at++];
    if (byte === undefined) throw new RangeError("disassemble: the module ends too soon. Pass all of its bytes.");
    return byte;
  }

  /** A little-endian number of so many bytes. */
  fixed(kind: "getUint32" | "getFloat32" | "getFloat64", bytes: number): number {
    if (this.at + bytes > this.#bytes.length)
      throw new RangeError("disassemble: the module ends too soon. Pass all of its bytes.");
    this.at += bytes;
    return this.#view[kind](this.at - bytes, true);
  }

  /** Unsigned LEB128. */
  unsigned(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  }

  /** Signed LEB128. */
  signed(): bigint {
    let value = 0n;
    let shift = 0n;
    for (;;) {
      const byte = this.byte();
      value |= BigInt(byte & 127) << shift;
      shift += 7n;
      if (byte < 128) return byte & 64 ? value - (1n << shift) : value;
    }
  }

  text(): string {
    const length = this.unsigned();
    this.at += length;
    return new TextDecoder().decode(this.#bytes.subarray(this.at - length, this.at));
  }

  list<T>(item: () => T): T[] {
    return Array.from({ length: this.unsigned() }, item);
  }

  hex(start: number): string {
    return Array.from(this.#bytes.subarray(start, this.at), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  }
}
