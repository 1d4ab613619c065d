import { opcodes } from "./opcodes.ts";
import { PickleCutShort, PickleProblem } from "./pickle-problem.ts";
import { OrderedDict, PickleFunction, type PickleWorld } from "./pickle-world.ts";
import { Tuple } from "./tuple.ts";

/** A pickle's value, and where the bytes after it begin. */
export interface ReadPickle {
  readonly value: unknown;
  readonly end: number;
}

// A byte of a pickle can make an object of a hundred bytes, so what a file may make is counted. PyTorch's largest checkpoints stay a hundred
// times below. No Map or Set holds more than 2^24.
const maxValues = 2 ** 24 - 1;
const maxMemo = 2 ** 23;
const maxContainers = 2 ** 22;
const maxNameLength = 1024;

/**
 * Read a pickle of the language that PyTorch reads with `weights_only=True`. Lists become arrays, dicts Maps; nothing is looked up or called
 * but what `world` gives.
 *
 * @param start - where in `bytes` it begins
 * @throws {PickleProblem} if it is anything else
 * @see {@link https://docs.pytorch.org/docs/stable/notes/serialization.html#weights-only | weights_only}
 */
export function readPickle(bytes: Uint8Array, world: PickleWorld, start = 0): ReadPickle {
  const machine = new PickleMachine(bytes, world, start);
  return machine.run();
}

const names: ReadonlyMap<number, string> = new Map(Object.entries(opcodes).map(([name, code]) => [code, name]));

/** The stack machine that a pickle is a program for. */
class PickleMachine {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #world: PickleWorld;
  readonly #stack: unknown[] = [];
  /** How long the stack was at each MARK. */
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, unknown>();
  #at: number;
  #values = 0;
  #containers = 0;

  constructor(bytes: Uint8Array, world: PickleWorld, start: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#world = world;
    this.#at = start;
  }

  run(): ReadPickle {
    for (;;) {
      const at = this.#at;
      try {
        const opcode = this.#u8();
        if (opcode === opcodes.STOP) return { value: this.#pop(), end: this.#at };
        this.#step(opcode);
      } catch (error) {
        if (error instanceof PickleProblem) error.message = `byte ${at}: ${error.message}`;
        throw error;
      }
    }
  }

  #step(opcode: number): void {
    switch (opcode) {
      case opcodes.PROTO:
        this.#u8();
        break;
      case opcodes.NONE:
        this.#push(null);
        break;
      case opcodes.NEWTRUE:
        this.#push(true);
        break;
      case opcodes.NEWFALSE:
        this.#push(false);
        break;
      case opcodes.BININT:
        this.#push(this.#view.getInt32(this.#skip(4), true));
        break;
      case opcodes.BININT1:
        this.#push(this.#u8());
        break;
      case opcodes.BININT2:
        this.#push(this.#view.getUint16(this.#skip(2), true));
        break;
      case opcodes.LONG1:
        this.#push(intOf(this.#take(this.#u8())));
        break;
      case opcodes.BINFLOAT:
        this.#push(this.#view.getFloat64(this.#skip(8)));
        break;
      case opcodes.BINUNICODE:
        this.#push(textOf(this.#take(this.#u32())));
        break;
      case opcodes.SHORT_BINSTRING:
        this.#push(textOf(this.#take(this.#u8())));
        break;
      case opcodes.EMPTY_LIST:
        this.#pushContainer([]);
        break;
      case opcodes.EMPTY_DICT:
        this.#pushContainer(new Map());
        break;
      case opcodes.EMPTY_SET:
        this.#pushContainer(new Set());
        break;
      case opcodes.EMPTY_TUPLE:
        this.#pushTuple([]);
        break;
      case opcodes.TUPLE1:
        this.#pushTuple(this.#popMany(1));
        break;
      case opcodes.TUPLE2:
        this.#pushTuple(this.#popMany(2));
        break;
      case opcodes.TUPLE3:
        this.#pushTuple(this.#popMany(3));
        break;
      case opcodes.TUPLE:
        this.#pushTuple(this.#popMark());
        break;
      case opcodes.MARK:
        this.#countValue();
        this.#marks.push(this.#stack.length);
        break;
      case opcodes.APPEND:
        this.#append(this.#popMany(1));
        break;
      case opcodes.APPENDS:
        this.#append(this.#popMark());
        break;
      case opcodes.SETITEM:
        this.#setItems(this.#popMany(2));
        break;
      case opcodes.SETITEMS:
        this.#setItems(this.#popMark());
        break;
      case opcodes.BINPUT:
        this.#remember(this.#u8());
        break;
      case opcodes.LONG_BINPUT:
        this.#remember(this.#u32());
        break;
      case opcodes.BINGET:
        this.#recall(this.#u8());
        break;
      case opcodes.LONG_BINGET:
        this.#recall(this.#u32());
        break;
      case opcodes.GLOBAL:
        this.#push(this.#world.global(this.#line(), this.#line()));
        break;
      case opcodes.REDUCE:
      case opcodes.NEWOBJ:
        this.#call(opcode);
        break;
      case opcodes.BUILD:
        this.#build();
        break;
      case opcodes.BINPERSID:
        this.#push(this.#world.persistent(this.#pop()));
        break;
      default:
        throw new PickleProblem(
          `opcode 0x${opcode.toString(16).padStart(2, "0")} is none of those that state dicts are pickled with`,
          "Save with torch.save and its own pickle_protocol, 2.",
        );
    }
  }

  #push(value: unknown): void {
    this.#countValue();
    this.#stack.push(value);
  }

  #countValue(): void {
    if (++this.#values <= maxValues) return;
    throw new PickleProblem(`more than ${maxValues} values`, "Save large lists of numbers as tensors.");
  }

  #pushContainer(container: unknown): void {
    if (++this.#containers > maxContainers) {
      throw new PickleProblem(`more than ${maxContainers} lists, tuples and dicts`, "Save them as tensors.");
    }
    this.#push(container);
  }

  /** Where the values of the innermost MARK begin: what is below is out of reach. */
  #bottom(): number {
    return this.#marks.at(-1) ?? 0;
  }

  #pop(): unknown {
    return this.#popMany(1)[0];
  }

  #top(): unknown {
    if (this.#stack.length <= this.#bottom()) throw emptyStack();
    return this.#stack.at(-1);
  }

  #popMany(count: number): unknown[] {
    const from = this.#stack.length - count;
    if (from < this.#bottom()) throw emptyStack();
    return this.#stack.splice(from);
  }

  #popMark(): unknown[] {
    const from = this.#marks.pop();
    if (from === undefined) throw new PickleProblem("there is no MARK before it");
    return this.#stack.splice(from);
  }

  #pushTuple(items: readonly unknown[]): void {
    // Not `new Tuple(...items)`, which takes one number for a length, and has no room for many.
    const tuple = new Tuple<unknown>();
    for (const item of items) tuple.push(item);
    this.#pushContainer(tuple);
  }

  #append(items: readonly unknown[]): void {
    const list = this.#top();
    if (!Array.isArray(list) || list instanceof Tuple) throw wrongTarget("append to", "list", list);
    for (const item of items) list.push(item);
  }

  #setItems(items: readonly unknown[]): void {
    const dict = this.#top();
    if (!(dict instanceof Map)) throw wrongTarget("set items of", "dict", dict);
    if (items.length % 2 === 1) throw new PickleProblem("a key without a value");
    for (let i = 0; i < items.length; i += 2) {
      checkHashable(items[i]);
      dict.set(items[i], items[i + 1]);
    }
  }

  #remember(memo: number): void {
    if (this.#memo.size >= maxMemo) throw new PickleProblem(`more than ${maxMemo} values are remembered`);
    this.#memo.set(memo, this.#top());
  }

  #recall(memo: number): void {
    if (!this.#memo.has(memo)) throw new PickleProblem(`nothing was remembered as ${memo}`);
    this.#push(this.#memo.get(memo));
  }

  #call(opcode: number): void {
    const [target, args] = this.#popMany(2);
    if (!(target instanceof PickleFunction)) {
      throw new PickleProblem(`${names.get(opcode)} calls a ${kindOf(target)}`);
    }
    if (!(args instanceof Tuple)) throw new PickleProblem(`${target.name} is called with a ${kindOf(args)}`);
    this.#pushContainer(target.call(args));
  }

  /** Attributes of an OrderedDict, `_metadata` of state dicts among them, are dropped; nothing else has any. */
  #build(): void {
    this.#pop();
    const target = this.#top();
    if (!(target instanceof OrderedDict)) throw wrongTarget("set attributes of", "OrderedDict", target);
  }

  #u8(): number {
    return this.#bytes[this.#skip(1)] as number;
  }

  #u32(): number {
    return this.#view.getUint32(this.#skip(4), true);
  }

  #take(length: number): Uint8Array {
    const at = this.#skip(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** Go over `length` bytes; where they begin. */
  #skip(length: number): number {
    const at = this.#at;
    if (at + length > this.#bytes.length) throw new PickleCutShort();
    this.#at += length;
    return at;
  }

  #line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0 && this.#bytes.length - this.#at <= maxNameLength) throw new PickleCutShort();
    if (end < 0 || end - this.#at > maxNameLength) {
      throw new PickleProblem(`a name of more than ${maxNameLength} bytes`);
    }
    const text = textOf(this.#take(end - this.#at));
    this.#skip(1);
    return text;
  }
}

const emptyStack = (): PickleProblem => new PickleProblem("the stack is empty");

const wrongTarget = (action: string, wanted: string, found: unknown): PickleProblem =>
  new PickleProblem(`cannot ${action} a ${kindOf(found)}: it is no ${wanted}`);

/** @throws {PickleProblem} if Python could not look it up in a dict or a set */
export function checkHashable(key: unknown): void {
  const isMutable = (Array.isArray(key) && !(key instanceof Tuple)) || key instanceof Map || key instanceof Set;
  if (isMutable) throw new PickleProblem(`a ${kindOf(key)} is the key of a dict or in a set`);
}

/** A value by the name of its type in Python. */
export function kindOf(value: unknown): string {
  if (value === null) return "None";
  if (value instanceof Tuple) return "tuple";
  if (Array.isArray(value)) return "list";
  if (value instanceof OrderedDict) return "OrderedDict";
  if (value instanceof Map) return "dict";
  if (value instanceof Set) return "set";
  if (value instanceof PickleFunction) return value.name;
  if (typeof value === "object") return value.constructor.name;
  return typeof value;
}

/** Two's complement, little-endian. */
function intOf(bytes: Uint8Array): number | bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] as number);
  value = BigInt.asIntN(8 * bytes.length, value);
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

function textOf(utf8: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(utf8);
  } catch {
    throw new PickleProblem("a string is not UTF-8", "Decode such strings in Python, or save them as bytes.");
  }
}
