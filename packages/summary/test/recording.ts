import type { RecordedOp, TracedTensor } from "../src/graphs/traced-tensor.ts";
import type { HookedModule } from "../src/models/hooked-module.ts";

/** Numbers nobody needs: a tensor that only remembers how it was made. */
export class Recorded implements TracedTensor {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly gradFn: RecordedOp | null;
  #leaf: RecordedOp | null = null;

  constructor(shape: readonly number[], dtype = "float32", gradFn: RecordedOp | null = null) {
    this.shape = shape;
    this.dtype = dtype;
    this.gradFn = gradFn;
  }

  get requiresGrad(): boolean {
    return this.gradFn !== null || this.#leaf !== null;
  }

  set requiresGrad(wanted: boolean) {
    this.#leaf = wanted
      ? { name: "leaf", shape: this.shape, dtype: this.dtype, nextFunctions: [], variable: this, saves: () => false }
      : null;
  }

  get edge(): RecordedOp | null {
    return this.gradFn ?? this.#leaf;
  }

  detach(): Recorded {
    return new Recorded(this.shape, this.dtype);
  }

  data(): Promise<Float32Array> {
    return Promise.resolve(new Float32Array(this.shape.reduce((a, b) => a * b, 1)).map((_, i) => i));
  }
}

/** An op on such tensors, recorded if one of them is. */
export function op(
  name: string,
  shape: readonly number[],
  inputs: readonly Recorded[],
  saved: readonly Recorded[] = [],
): Recorded {
  if (!inputs.some((each) => each.requiresGrad)) return new Recorded(shape);
  const nextFunctions = inputs.map((each) => each.edge);
  const saves = (tensor: TracedTensor): boolean => saved.some((each) => each === tensor);
  return new Recorded(shape, "float32", { name, shape, dtype: "float32", nextFunctions, variable: null, saves });
}

type PreHook = Parameters<HookedModule["registerForwardPreHook"]>[0];
type Hook = Parameters<HookedModule["registerForwardHook"]>[0];

/** The least of a module: hooks, children in its fields, parameters. */
export abstract class Watched implements HookedModule {
  training = true;
  readonly hooks = { before: new Set<PreHook>(), after: new Set<Hook>() };

  protected abstract compute(...inputs: Recorded[]): unknown;

  forward(...inputs: Recorded[]): Recorded {
    for (const hook of this.hooks.before) hook(this, inputs);
    const output = this.compute(...inputs);
    for (const hook of this.hooks.after) hook(this, inputs, output);
    // Tests know what they compute.
    return output as Recorded;
  }

  registerForwardPreHook(hook: PreHook): { remove(): void } {
    this.hooks.before.add(hook);
    return { remove: () => void this.hooks.before.delete(hook) };
  }

  registerForwardHook(hook: Hook): { remove(): void } {
    this.hooks.after.add(hook);
    return { remove: () => void this.hooks.after.delete(hook) };
  }

  *namedModules(prefix = "", seen = new Set<Watched>()): Generator<[string, Watched]> {
    if (seen.has(this)) return;
    seen.add(this);
    yield [prefix, this];
    for (const [name, member] of Object.entries(this)) {
      if (member instanceof Watched) yield* member.namedModules(prefix === "" ? name : `${prefix}.${name}`, seen);
    }
  }

  *namedParameters(): Generator<[string, Recorded]> {
    for (const [path, module] of this.namedModules()) {
      for (const [name, member] of Object.entries(module)) {
        if (member instanceof Recorded) yield [path === "" ? name : `${path}.${name}`, member];
      }
    }
  }
}

export function parameter(shape: readonly number[]): Recorded {
  const tensor = new Recorded(shape);
  tensor.requiresGrad = true;
  return tensor;
}

export class Dense extends Watched {
  readonly weight: Recorded;
  readonly bias: Recorded;

  constructor(inputs: number, outputs: number) {
    super();
    this.weight = parameter([outputs, inputs]);
    this.bias = parameter([outputs]);
  }

  protected override compute(x: Recorded): Recorded {
    const shape = [x.shape[0] ?? 1, this.weight.shape[0] ?? 1];
    return op("add", shape, [op("matmul", shape, [x, this.weight]), this.bias]);
  }

  override toString(): string {
    return `Dense(${this.weight.shape[1]}, ${this.weight.shape[0]})`;
  }
}
