import {
  compileJs,
  hasRelaxedMadd,
  hostMath,
  type Kernel,
  printWasm,
  type Rule,
  ruleKernel,
  type WasmKernel,
} from "@anneal/kernel";
import { anySlab, type Slab, slabOf } from "./array-memory.ts";
import { type FloatArray, type FloatType, typeOf } from "./array-shape.ts";

/** An array of a call, and where in it the elements begin. */
export interface LoopSlot {
  buffer: FloatArray;
  offset: number;
  readonly strides: readonly number[];
}

/**
 * A rule as a loop over arrays: the first `size` elements of all slots.
 *
 * @param slots - the parameter, its gradient, the state, in the order of the rule's slots
 * @throws {RangeError} if a slot is too short
 */
export type RuleLoop = (slots: readonly LoopSlot[], size: number, scalars: readonly number[]) => void;

const loops = { float32: new WeakMap<Rule, RuleLoop>(), float64: new WeakMap<Rule, RuleLoop>() };

/** The loop of a rule, made once. */
export function ruleLoop(rule: Rule, dtype: FloatType): RuleLoop {
  const known = loops[dtype].get(rule);
  if (known) return known;
  const kernel = ruleKernel(rule, dtype);
  const run = simdLoop(rule, kernel, dtype) ?? plainLoop(rule, kernel);
  const loop: RuleLoop = (slots, size, scalars) => {
    for (let i = 0; i < slots.length; i++) {
      const { buffer, offset } = slots[i] as LoopSlot;
      if (buffer.length < offset + size) throw tooShort(rule, i, buffer.length - offset, size);
    }
    run(slots, size, scalars);
  };
  loops[dtype].set(rule, loop);
  return loop;
}

function tooShort({ name, state }: Rule, slot: number, has: number, needs: number): RangeError {
  const what = ["the parameter", "the gradient"][slot] ?? state[slot - 2];
  return new RangeError(`arrayParameter: ${name} needs ${needs} elements of ${what}, which has ${has}.`);
}

/** A loop of JavaScript. */
function plainLoop({ updates }: Rule, kernel: Kernel): RuleLoop {
  const run = compileJs(kernel);
  return (slots, size, scalars) => {
    const outputs = updates.map(({ slot }) => slots[slot] as LoopSlot);
    run({ shape: [size], inputs: slots, outputs, args: scalars });
  };
}

/** A loop of WebAssembly, four numbers at once, or undefined where a page forbids making one. */
function simdLoop({ updates }: Rule, kernel: Kernel, dtype: FloatType): RuleLoop | undefined {
  if (!anySlab()) return undefined;
  const printed = printWasm(kernel, { shared: false, relaxed: hasRelaxedMadd() });
  const module = compile(printed);
  if (!module) return undefined;
  const written = updates.map(({ slot }) => slot);
  const instances = new WeakMap<Slab, Run>();
  const instanceIn = (slab: Slab): Run => {
    const known = instances.get(slab);
    if (known) return known;
    const env: Record<string, WebAssembly.ImportValue> = { memory: slab.memory };
    for (const name of printed.imports) env[name] = hostMath[name] as (x: number, y: number) => number;
    const run = new WebAssembly.Instance(module, { env }).exports.run as Run;
    instances.set(slab, run);
    return run;
  };
  const bytes = dtype === "float32" ? 4 : 8;
  const Numbers = dtype === "float32" ? Float32Array : Float64Array;

  return (slots, size, scalars) => {
    const slab = slabFor(slots);
    const run = instanceIn(slab);
    const lies = ({ buffer }: LoopSlot): boolean => slabOf(buffer) === slab && typeOf(buffer) === dtype;
    const guests = slots.filter((slot) => !lies(slot));
    // Room for a vector load past the end of each.
    const piece = Math.min(size, Math.floor(slab.window.bytes / Math.max(guests.length, 1) / bytes / 16) * 16 - 16);
    const room = (piece + 16) * bytes;
    const windows = slots.map((slot) => {
      const guest = guests.indexOf(slot);
      return guest < 0 ? null : new Numbers(slab.memory.buffer, slab.window.address + guest * room, piece);
    });
    for (let at = 0; at < size; at += piece) {
      const end = Math.min(size, at + piece);
      const inputs = slots.map(({ buffer, offset }, i) => {
        const window = windows[i];
        window?.set(buffer.subarray(offset + at, offset + end));
        const address = window ? window.byteOffset : buffer.byteOffset + (offset + at) * bytes;
        return { buffer: address, offset: 0, strides: contiguous };
      });
      const outputs = written.map((slot) => inputs[slot] as (typeof inputs)[number]);
      printed.encode({ shape: [end - at], inputs, outputs, args: scalars }, slab, slab.block);
      run(slab.block, 0, end - at);
      for (const slot of written) {
        const window = windows[slot];
        const { buffer, offset } = slots[slot] as LoopSlot;
        if (window) buffer.set(window.subarray(0, end - at), offset + at);
      }
    }
  };
}

type Run = (block: number, begin: number, end: number) => void;

const contiguous = [1];

/** The memory that most needs no copy in: that of the last state slot, or any. */
function slabFor(slots: readonly LoopSlot[]): Slab {
  for (let i = slots.length - 1; i >= 0; i--) {
    const slab = slabOf((slots[i] as LoopSlot).buffer);
    if (slab) return slab;
  }
  return anySlab() as Slab;
}

function compile({ bytes }: WasmKernel): WebAssembly.Module | undefined {
  try {
    return new WebAssembly.Module(bytes);
  } catch (error) {
    // A content security policy without 'wasm-unsafe-eval', or an engine without SIMD.
    if (error instanceof WebAssembly.CompileError || error instanceof EvalError) return undefined;
    throw error;
  }
}
