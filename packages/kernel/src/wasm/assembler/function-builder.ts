import { float32, float64, signed, unsigned } from "./bytes.ts";
import { type LaneMemoryOp, type LaneOp, type MemoryOp, opcodes, type PlainOp } from "./opcodes.ts";

export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128";

export const valueTypes: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

/** Number of a local variable or parameter. */
export type Local = number;
/** A block or loop to branch to. */
export type Label = { readonly depth: number };

interface Piece {
  readonly code: number[];
  next: Piece | null;
}

/** A place in a function's code where instructions can still be added: see {@link FunctionBuilder.point}. */
export class Point {
  /** Where the next instruction goes. */
  end: Piece;

  constructor(end: Piece) {
    this.end = end;
  }
}

/**
 * Writes the body of one function, instruction by instruction, in the order a stack machine runs them. Every method returns the builder.
 */
export class FunctionBuilder {
  readonly #first: Piece = { code: [], next: null };
  #at: Point = new Point(this.#first);
  #code: number[] = this.#first.code;
  readonly #locals: ValueType[] = [];
  readonly #parameters: number;
  #depth = 0;

  constructor(parameters: number) {
    this.#parameters = parameters;
  }

  /** A new local variable, zero at first. */
  local(type: ValueType): Local {
    this.#locals.push(type);
    return this.#parameters + this.#locals.length - 1;
  }

  /**
   * Marks this place, so that {@link at} can later add instructions here: what a loop turns out to need before it starts, say. They must
   * leave the stack as they find it.
   */
  point(): Point {
    const rest: Piece = { code: [], next: this.#at.end.next };
    const marked: Piece = { code: [], next: rest };
    this.#at.end.next = marked;
    this.#at.end = rest;
    this.#code = rest.code;
    return new Point(marked);
  }

  /** Adds the instructions that `body` writes at a place marked before, behind those added there already. */
  at(point: Point, body: () => void): this {
    const here = this.#at;
    this.#at = point;
    this.#code = point.end.code;
    body();
    this.#at = here;
    this.#code = here.end.code;
    return this;
  }

  get(local: Local): this {
    return this.#emit(0x20, local);
  }

  set(local: Local): this {
    return this.#emit(0x21, local);
  }

  tee(local: Local): this {
    return this.#emit(0x22, local);
  }

  i32(value: number): this {
    this.#code.push(0x41);
    signed(value | 0, this.#code);
    return this;
  }

  i64(value: number | bigint): this {
    this.#code.push(0x42);
    signed(value, this.#code);
    return this;
  }

  f32(value: number): this {
    this.#code.push(0x43, ...float32(value));
    return this;
  }

  f64(value: number): this {
    this.#code.push(0x44, ...float64(value));
    return this;
  }

  /** A constant of 16 bytes. */
  v128(bytes: readonly number[]): this {
    this.#code.push(0xfd, 12, ...bytes);
    return this;
  }

  /** An instruction without immediates. */
  op(name: PlainOp): this {
    if (name in opcodes.plain) this.#code.push(opcodes.plain[name as keyof typeof opcodes.plain]);
    else if (name in opcodes.saturating) this.#emit(0xfc, opcodes.saturating[name as keyof typeof opcodes.saturating]);
    else this.#emit(0xfd, opcodes.vector[name as keyof typeof opcodes.vector]);
    return this;
  }

  /** A load or store at the address on the stack plus `offset` bytes. */
  memory(name: MemoryOp, offset = 0): this {
    const [prefix, number, align] = opcodes.memory[name];
    if (prefix === 0) this.#code.push(number);
    else this.#emit(prefix, number);
    unsigned(align, this.#code);
    unsigned(offset, this.#code);
    return this;
  }

  /** A load into or a store from one lane. */
  laneMemory(name: LaneMemoryOp, lane: number, offset = 0): this {
    const [number, align] = opcodes.laneMemory[name];
    this.#emit(0xfd, number);
    unsigned(align, this.#code);
    unsigned(offset, this.#code);
    this.#code.push(lane);
    return this;
  }

  lane(name: LaneOp, lane: number): this {
    this.#emit(0xfd, opcodes.lane[name]);
    this.#code.push(lane);
    return this;
  }

  /** Byte i of the result is byte lanes[i] of the two vectors on the stack, seen as 32 bytes. */
  shuffle(lanes: readonly number[]): this {
    this.#emit(0xfd, 13);
    this.#code.push(...lanes);
    return this;
  }

  /** memory.copy: destination, source, bytes are on the stack. */
  memoryCopy(): this {
    this.#code.push(0xfc, 10, 0, 0);
    return this;
  }

  /** memory.fill: destination, byte, bytes are on the stack. */
  memoryFill(): this {
    this.#code.push(0xfc, 11, 0);
    return this;
  }

  /** A branch to its label leaves the block. */
  block(body: (label: Label) => void): this {
    return this.#nested(0x02, body);
  }

  /** A branch to its label starts the next round; falling off the end leaves the loop. */
  loop(body: (label: Label) => void): this {
    return this.#nested(0x03, body);
  }

  /** Takes an i32 from the stack. */
  if(then: () => void, otherwise?: () => void, result?: ValueType): this {
    this.#code.push(0x04, result === undefined ? 0x40 : valueTypes[result]);
    this.#depth++;
    then();
    if (otherwise) {
      this.#code.push(0x05);
      otherwise();
    }
    this.#depth--;
    this.#code.push(0x0b);
    return this;
  }

  br(label: Label): this {
    return this.#emit(0x0c, this.#depth - label.depth);
  }

  brIf(label: Label): this {
    return this.#emit(0x0d, this.#depth - label.depth);
  }

  call(index: number): this {
    return this.#emit(0x10, index);
  }

  /** The function's entry in the code section. */
  finish(): number[] {
    const runs: [number, ValueType][] = [];
    for (const type of this.#locals) {
      const last = runs.at(-1);
      if (last?.[1] === type) last[0]++;
      else runs.push([1, type]);
    }
    const head = unsigned(runs.length);
    for (const [count, type] of runs) head.push(...unsigned(count), valueTypes[type]);
    let size = head.length + 1;
    for (let piece: Piece | null = this.#first; piece; piece = piece.next) size += piece.code.length;
    const out = unsigned(size, []);
    for (const byte of head) out.push(byte);
    for (let piece: Piece | null = this.#first; piece; piece = piece.next) {
      for (const byte of piece.code) out.push(byte);
    }
    out.push(0x0b);
    return out;
  }

  #nested(opcode: number, body: (label: Label) => void): this {
    this.#code.push(opcode, 0x40);
    this.#depth++;
    body({ depth: this.#depth });
    this.#depth--;
    this.#code.push(0x0b);
    return this;
  }

  #emit(opcode: number, immediate: number): this {
    this.#code.push(opcode);
    unsigned(immediate, this.#code);
    return this;
  }
}
