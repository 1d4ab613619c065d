import { list, section, text, unsigned } from "./bytes.ts";
import { FunctionBuilder, type ValueType, valueTypes } from "./function-builder.ts";

export interface Signature {
  readonly params: readonly ValueType[];
  readonly results?: readonly ValueType[];
}

/**
 * Assembles one WebAssembly module over an imported memory (`env.memory`). Imports come before functions.
 *
 * @example
 * const m = new ModuleBuilder({ shared: false });
 * m.func("add", { params: ["i32", "i32"], results: ["i32"] }, (f) => f.get(0).get(1).op("i32.add"));
 * const module = new WebAssembly.Module(m.build());
 */
export class ModuleBuilder {
  readonly #shared: boolean;
  readonly #types: string[] = [];
  readonly #typeBytes: number[][] = [];
  readonly #imports: number[][] = [];
  readonly #functionTypes: number[] = [];
  readonly #exports: number[][] = [];
  readonly #bodies: number[][] = [];

  constructor({ shared }: { readonly shared: boolean }) {
    this.#shared = shared;
  }

  /** Import `env.name`; returns the index to `call`. */
  importFunction(name: string, signature: Signature): number {
    if (this.#functionTypes.length > 0) throw new Error(`importFunction: import "${name}" before the first function.`);
    this.#imports.push([...text("env"), ...text(name), 0x00, ...unsigned(this.#type(signature))]);
    return this.#imports.length - 1;
  }

  /** Add a function, exported under `name` unless it is null; returns the index to `call`. */
  func(name: string | null, signature: Signature, body: (f: FunctionBuilder) => void): number {
    const index = this.#imports.length + this.#functionTypes.length;
    this.#functionTypes.push(this.#type(signature));
    const builder = new FunctionBuilder(signature.params.length);
    body(builder);
    this.#bodies.push(builder.finish());
    if (name !== null) this.#exports.push([...text(name), 0x00, ...unsigned(index)]);
    return index;
  }

  build(): Uint8Array<ArrayBuffer> {
    // A shared memory must state a maximum: 65,536 pages are the 4 GiB a 32-bit address reaches.
    const limits = this.#shared ? [0x03, 0x00, ...unsigned(65536)] : [0x00, 0x00];
    const memory = [...text("env"), ...text("memory"), 0x02, ...limits];
    const bytes = [
      ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      ...section(1, list(this.#typeBytes)),
      ...section(2, list([...this.#imports, memory])),
      ...section(3, list(this.#functionTypes.map((type) => unsigned(type)))),
      ...section(7, list(this.#exports)),
    ];
    const size = this.#bodies.reduce((sum, body) => sum + body.length, 0);
    const count = unsigned(this.#bodies.length);
    const head = [10, ...unsigned(size + count.length), ...count];
    const out = new Uint8Array(bytes.length + head.length + size);
    out.set(bytes);
    out.set(head, bytes.length);
    let at = bytes.length + head.length;
    for (const body of this.#bodies) {
      out.set(body, at);
      at += body.length;
    }
    return out;
  }

  #type({ params, results = [] }: Signature): number {
    const bytes = [
      0x60,
      ...list(params.map((type) => [valueTypes[type]])),
      ...list(results.map((type) => [valueTypes[type]])),
    ];
    const key = bytes.join();
    const known = this.#types.indexOf(key);
    if (known >= 0) return known;
    this.#typeBytes.push(bytes);
    return this.#types.push(key) - 1;
  }
}
