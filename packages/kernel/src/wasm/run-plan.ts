import { hasRelaxedMadd, type WasmTarget } from "./features.ts";
import { moduleBytes } from "./module-bytes.ts";
import type { Plan } from "./plan.ts";

type Entry = (block: number, begin: number, end: number) => void;

const blockAddress = 64;
const blockBytes = 4096 - blockAddress;

/**
 * Runs plans on this thread, in a memory of its own: what a device does, without its allocator and threads. For tests and measurements.
 */
export class PlanRunner {
  readonly target: WasmTarget;
  readonly memory: WebAssembly.Memory;
  readonly #entries = new Map<string, Entry>();
  #top = blockAddress + blockBytes;

  constructor({ bytes, shared = false, relaxedMadd = hasRelaxedMadd() }: { bytes: number } & Partial<WasmTarget>) {
    this.target = { shared, relaxedMadd };
    const initial = Math.ceil((bytes + this.#top) / 65536);
    this.memory = new WebAssembly.Memory(shared ? { initial, maximum: initial, shared } : { initial });
  }

  /** The address of fresh memory, zeros. */
  allocate(bytes: number): number {
    const address = this.#top;
    this.#top += Math.ceil(bytes / 64) * 64;
    if (this.#top > this.memory.buffer.byteLength)
      throw new RangeError("PlanRunner: memory is full. Make a runner with more bytes.");
    return address;
  }

  /** The address of a copy. */
  place(values: Float32Array | Float64Array | Int32Array): number {
    const address = this.allocate(values.byteLength);
    new Uint8Array(this.memory.buffer).set(
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
      address,
    );
    return address;
  }

  /**
   * Run the steps, each over the ranges between neighbours of `cuts(items)`.
   *
   * @param scratch - address of `plan.scratchBytes`; fresh memory when left out
   */
  run(
    plan: Plan,
    {
      scratch = this.allocate(plan.scratchBytes),
      cuts = whole,
    }: { scratch?: number; cuts?: (items: number) => readonly number[] } = {},
  ): void {
    const words = new Int32Array(this.memory.buffer, blockAddress, blockBytes / 4);
    for (const step of plan.steps(scratch)) {
      words.set(step.block);
      const entry = this.entry(step.module, step.entry);
      const at = cuts(step.items);
      for (let i = 0; i + 1 < at.length; i++) entry(blockAddress, at[i] as number, at[i + 1] as number);
    }
  }

  entry(module: string, entry: string): Entry {
    const key = `${module}/${entry}`;
    let found = this.#entries.get(key);
    if (!found) {
      const compiled = new WebAssembly.Module(moduleBytes({ module, entry }, this.target));
      found = new WebAssembly.Instance(compiled, { env: { memory: this.memory } }).exports[entry] as Entry;
      this.#entries.set(key, found);
    }
    return found;
  }
}

const whole = (items: number): readonly number[] => [0, items];
