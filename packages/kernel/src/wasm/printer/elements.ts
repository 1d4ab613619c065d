import { scalarOf } from "../../dtype.ts";
import type { Local } from "../assembler/function-builder.ts";
import type { Context } from "./context.ts";
import type { Frame, Lanes } from "./frame.ts";
import { operate } from "./operations.ts";
import type { Cursor, PlannedInput, PlannedOutput } from "./plan.ts";
import { type Storage, storageOf } from "./storage.ts";

/** Pushes where a cursor is for lane 0 of a copy; returns the bytes to add, as an immediate of the instruction that takes the address. */
function pushPosition(context: Context, frame: Frame, cursor: Cursor, copy: number): number {
  const { f, lanes } = context;
  f.get(frame.positions.get(cursor) as Local);
  const layout = cursor.layouts[frame.axis];
  if (copy === 0 || layout === "broadcast") return 0;
  if (layout === "contiguous") return copy * lanes * cursor.unit;
  f.get(context.stride(cursor, context.dimension(frame.axis), copy * lanes)).op("i32.add");
  return 0;
}

/** Pushes the element offset, or the place a bound looks at, of every lane. */
export function pushPlaces(context: Context, frame: Frame, cursor: Cursor, copy: number): void {
  const { f } = context;
  const further = pushPosition(context, frame, cursor, copy);
  if (further > 0) f.i32(further).op("i32.add");
  f.op("i32x4.splat");
  if (cursor.layouts[frame.axis] === "broadcast") return;
  f.get(context.laneSteps(cursor, context.dimension(frame.axis))).op("i32x4.add");
}

/** Runs `body` for every lane that takes part, under its condition if it has one. */
function forLanes(context: Context, lanes: Lanes, body: (lane: number) => void): void {
  const { f } = context;
  for (let lane = 0; lane < (typeof lanes === "number" ? lanes : context.lanes); lane++) {
    if (typeof lanes === "number") body(lane);
    else {
      f.get(lanes.bits)
        .i32(1 << lane)
        .op("i32.and");
      f.if(() => body(lane));
    }
  }
}

/** Pushes the elements at some addresses, loaded lane by lane; `pushAddress` returns an immediate offset. */
function pushLanes(context: Context, storage: Storage, lanes: Lanes, pushAddress: (lane: number) => number): void {
  const { f } = context;
  context.temporary(["v128"], (elements) => {
    f.v128(Array(16).fill(0)).set(elements);
    forLanes(context, lanes, (lane) => {
      const offset = pushAddress(lane);
      f.get(elements).laneMemory(storage.loadLane, storage.lane(lane), offset).set(elements);
    });
    f.get(elements);
  });
}

/** Pushes the elements of lanes that lie a stride apart, or side by side. */
function pushSpread(context: Context, frame: Frame, cursor: Cursor, storage: Storage, copy: number, lanes: Lanes) {
  const { f } = context;
  const layout = cursor.layouts[frame.axis];
  if (layout === "broadcast") {
    pushPosition(context, frame, cursor, copy);
    storage.loadSplat(context);
  } else if (layout === "contiguous" && lanes === context.lanes) {
    storage.loadPacked(context, pushPosition(context, frame, cursor, copy));
  } else {
    const dim = context.dimension(frame.axis);
    context.temporary(["i32"], (address) => {
      const offset = pushPosition(context, frame, cursor, copy);
      f.set(address);
      pushLanes(context, storage, lanes, (lane) => {
        f.get(address);
        if (layout === "contiguous") return offset + lane * cursor.unit;
        if (lane > 0) f.get(context.stride(cursor, dim, lane)).op("i32.add");
        return 0;
      });
    });
  }
}

/** Sets `bits` to the lanes that take part and lie inside all bounds. */
function findInside(context: Context, frame: Frame, bounds: readonly Cursor[], copy: number, bits: Local): void {
  const { f, lanes } = context;
  bounds.forEach((bound, i) => {
    pushPlaces(context, frame, bound, copy);
    f.get(context.boundSize(bound)).op("i32x4.lt_u");
    if (i > 0) f.op("v128.and");
  });
  f.op("i32x4.bitmask");
  if (typeof frame.lanes === "number") {
    const all = (1 << frame.lanes) - 1;
    if (all < 15 || lanes < 4) f.i32(all).op("i32.and");
  } else f.get(frame.lanes.bits).op("i32.and");
  f.set(bits);
}

/** Runs `push` for the lanes inside an input's bounds: all at once where all are, else lane by lane. The others are 0. */
function pushInside(context: Context, frame: Frame, input: PlannedInput, copy: number, push: (lanes: Lanes) => void) {
  const { f } = context;
  if (input.bounds.length === 0) {
    push(frame.lanes);
    return;
  }
  context.temporary(["i32", "v128"], (bits, elements) => {
    findInside(context, frame, input.bounds, copy, bits);
    const guarded = (): void => {
      push({ bits });
      f.set(elements);
    };
    if (frame.lanes === context.lanes) {
      f.get(bits)
        .i32((1 << context.lanes) - 1)
        .op("i32.eq");
      f.if(() => {
        push(frame.lanes);
        f.set(elements);
      }, guarded);
    } else guarded();
    f.get(elements);
  });
}

/** Pushes an input's elements, ready to compute with. */
export function pushElements(context: Context, frame: Frame, input: PlannedInput, copy: number): void {
  const storage = storageOf[input.dtype as keyof typeof storageOf];
  pushInside(context, frame, input, copy, (lanes) => {
    const isBroadcast = input.address.layouts[frame.axis] === "broadcast";
    if (isBroadcast && typeof lanes !== "number" && input.bounds.length > 0) {
      pushLanes(context, storage, lanes, () => pushPosition(context, frame, input.address, copy));
    } else pushSpread(context, frame, input.address, storage, copy, lanes);
  });
  storage.decode(context);
}

/** The frame with a cursor as many elements further as lane 0 of the vector `at` says. */
function furtherFrame(context: Context, frame: Frame, cursor: Cursor, at: Local, moved: Local): Frame {
  const { f } = context;
  f.get(at).lane("i32x4.extract_lane", 0).i32(Math.log2(cursor.unit)).op("i32.shl");
  f.get(frame.positions.get(cursor) as Local)
    .op("i32.add")
    .set(moved);
  return { ...frame, positions: new Map(frame.positions).set(cursor, moved) };
}

/** Sets `addresses` to where a cursor is in each lane, as many elements further as the lanes of `at` say. */
function findAddresses(context: Context, frame: Frame, cursor: Cursor, copy: number, at: Local, addresses: Local) {
  const { f } = context;
  f.get(at).i32(Math.log2(cursor.unit)).op("i32x4.shl");
  pushPlaces(context, frame, cursor, copy);
  f.op("i32x4.add").set(addresses);
}

/**
 * Pushes the elements as many further as the lanes of `at` say.
 *
 * @param isUniform - do all lanes, of all copies, say the same? Then neighbours stay neighbours, as in the rows of an embedding.
 */
export function pushGathered(
  context: Context,
  frame: Frame,
  input: PlannedInput,
  copy: number,
  at: Local,
  isUniform: boolean,
): void {
  const { f } = context;
  const storage = storageOf[input.dtype as keyof typeof storageOf];
  if (isUniform) {
    context.temporary(["i32"], (moved) => {
      pushElements(context, furtherFrame(context, frame, input.address, at, moved), input, copy);
    });
    return;
  }
  context.temporary(["v128"], (addresses) => {
    findAddresses(context, frame, input.address, copy, at, addresses);
    pushInside(context, frame, input, copy, (lanes) => {
      pushLanes(context, storage, lanes, (lane) => {
        f.get(addresses).lane("i32x4.extract_lane", lane);
        return 0;
      });
    });
  });
  storage.decode(context);
}

/** Stores the vector in `value`. */
export function storeElements(
  context: Context,
  frame: Frame,
  { cursor, dtype }: PlannedOutput,
  copy: number,
  value: Local,
): void {
  const { f } = context;
  const storage = storageOf[dtype];
  const isPacked = cursor.layouts[frame.axis] === "contiguous";
  if (isPacked && frame.lanes === context.lanes) {
    const offset = pushPosition(context, frame, cursor, copy);
    f.get(value);
    storage.encode(context);
    storage.storePacked(context, offset);
    return;
  }
  const dim = context.dimension(frame.axis);
  context.temporary(["i32", "v128"], (address, elements) => {
    f.get(value);
    storage.encode(context);
    f.set(elements);
    const offset = pushPosition(context, frame, cursor, copy);
    f.set(address);
    forLanes(context, frame.lanes, (lane) => {
      f.get(address);
      if (!isPacked && lane > 0) f.get(context.stride(cursor, dim, lane)).op("i32.add");
      const further = isPacked ? offset + lane * cursor.unit : 0;
      f.get(elements).laneMemory(storage.storeLane, storage.lane(lane), further);
    });
  });
}

/**
 * Adds the vector in `value` to what lies `at` elements further, or replaces it: one lane behind the other, so that lanes that meet at one
 * element all count.
 *
 * @param isUniform - do all lanes say the same `at`? Then lanes that lie side by side cannot meet.
 */
export function scatterElements(
  context: Context,
  frame: Frame,
  output: PlannedOutput,
  copy: number,
  value: Local,
  at: Local,
  isUniform: boolean,
): void {
  const { f } = context;
  const { cursor, dtype, scatter } = output;
  const storage = storageOf[dtype];
  const adds = scatter?.combine === "add";
  if (isUniform && cursor.layouts[frame.axis] === "contiguous") {
    context.temporary(["i32", "v128"], (moved, sum) => {
      const further = furtherFrame(context, frame, cursor, at, moved);
      f.get(value);
      if (adds) {
        pushSpread(context, further, cursor, storage, copy, frame.lanes);
        storage.decode(context);
        operate(context, "add", scalarOf[dtype]);
      }
      f.set(sum);
      storeElements(context, further, output, copy, sum);
    });
    return;
  }
  context.temporary(["v128", "v128", "i32"], (addresses, elements, address) => {
    findAddresses(context, frame, cursor, copy, at, addresses);
    f.get(value);
    if (!adds) storage.encode(context);
    f.set(elements);
    forLanes(context, frame.lanes, (lane) => {
      f.get(addresses).lane("i32x4.extract_lane", lane).tee(address);
      if (adds) {
        f.get(address).v128(Array(16).fill(0)).laneMemory(storage.loadLane, storage.lane(lane));
        storage.decode(context);
        f.get(elements);
        operate(context, "add", scalarOf[dtype]);
        storage.encode(context);
      } else f.get(elements);
      f.laneMemory(storage.storeLane, storage.lane(lane));
    });
  });
}
