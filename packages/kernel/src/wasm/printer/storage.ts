import type { DType } from "../../dtype.ts";
import type { LaneMemoryOp, MemoryOp } from "../assembler/opcodes.ts";
import type { Context } from "./context.ts";
import { floatToHalf, halfToFloat } from "./half.ts";

/**
 * How elements of one storage type get in and out of vectors. In a vector each element has a lane of its own (32 bits, or 64 for float64
 * and int64); in memory neighbours are packed.
 */
export interface Storage {
  readonly bytes: number;
  /** Loads into or stores from one lane, and the lane's number among lanes of the element's size. */
  readonly loadLane: LaneMemoryOp;
  readonly storeLane: LaneMemoryOp;
  readonly lane: (lane: number) => number;
  /** One element in every lane; `offset` is added to the address on the stack. */
  readonly loadSplat: (context: Context) => void;
  /** A vector of neighbours. */
  readonly loadPacked: (context: Context, offset: number) => void;
  /** Takes an address, then a vector of elements. */
  readonly storePacked: (context: Context, offset: number) => void;
  /** From what lies in memory to what is computed with, and back. */
  readonly decode: (context: Context) => void;
  readonly encode: (context: Context) => void;
}

const nothing = (): void => {};

/** Byte i of lane 0, lane 1, ...: packs what is spread over 32-bit lanes. */
const packing = (bytes: number): number[] =>
  Array.from({ length: 16 }, (_, i) => (Math.floor(i / bytes) % 4) * 4 + (i % bytes));

const word: Storage = {
  bytes: 4,
  loadLane: "v128.load32_lane",
  storeLane: "v128.store32_lane",
  lane: (lane) => lane,
  loadSplat: ({ f }) => f.memory("v128.load32_splat"),
  loadPacked: ({ f, lanes }, offset) => f.memory(lanes === 4 ? "v128.load" : "v128.load64_zero", offset),
  storePacked: ({ f, lanes }, offset) =>
    lanes === 4 ? f.memory("v128.store", offset) : f.laneMemory("v128.store64_lane", 0, offset),
  decode: nothing,
  encode: nothing,
};

const double: Storage = {
  ...word,
  bytes: 8,
  loadLane: "v128.load64_lane",
  storeLane: "v128.store64_lane",
  loadSplat: ({ f }) => f.memory("v128.load64_splat"),
  loadPacked: ({ f }, offset) => f.memory("v128.load", offset),
  storePacked: ({ f }, offset) => f.memory("v128.store", offset),
};

const half: Storage = {
  ...word,
  bytes: 2,
  loadLane: "v128.load16_lane",
  storeLane: "v128.store16_lane",
  lane: (lane) => 2 * lane,
  loadSplat: ({ f }) => f.memory("i32.load16_u").op("i32x4.splat"),
  loadPacked: ({ f, lanes }, offset) => {
    if (lanes === 4) f.memory("v128.load16x4_u", offset);
    else f.memory("v128.load32_zero", offset).op("i32x4.extend_low_i16x8_u");
  },
  storePacked: (context, offset) => storeNarrow(context, 2, offset),
  decode: halfToFloat,
  encode: floatToHalf,
};

const byte: Storage = {
  ...word,
  bytes: 1,
  loadLane: "v128.load8_lane",
  storeLane: "v128.store8_lane",
  lane: (lane) => 4 * lane,
  loadSplat: ({ f }) => f.memory("i32.load8_u").op("i32x4.splat"),
  loadPacked: ({ f, lanes }, offset) => {
    const name: MemoryOp = lanes === 4 ? "v128.load32_zero" : "v128.load16_splat";
    f.memory(name, offset).op("i16x8.extend_low_i8x16_u").op("i32x4.extend_low_i16x8_u");
  },
  storePacked: (context, offset) => storeNarrow(context, 1, offset),
};

/** What is true in memory is 1, and in a vector all bits of its lane. */
const bool: Storage = {
  ...byte,
  decode: (context) => {
    context.f.get(context.bytes(Array(16).fill(0))).op("i32x4.ne");
  },
  encode: (context) => {
    context.f.get(context.bytes([0, 1, 2, 3].flatMap(() => [1, 0, 0, 0]))).op("v128.and");
  },
};

function storeNarrow({ f, lanes }: Context, bytes: 1 | 2, offset: number): void {
  const stores = { 2: "v128.store16_lane", 4: "v128.store32_lane", 8: "v128.store64_lane" } as const;
  f.v128(Array(16).fill(0)).shuffle(packing(bytes));
  f.laneMemory(stores[(bytes * lanes) as 2 | 4 | 8], 0, offset);
}

export const storageOf: Readonly<Record<DType, Storage>> = {
  float32: word,
  int32: word,
  float64: double,
  int64: double,
  float16: half,
  uint8: byte,
  bool,
};
