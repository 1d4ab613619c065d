import { Tensor } from "@anneal/tensor";
import { shownOptions } from "../check-options.ts";
import { Module } from "../module/module.ts";

/** `posWeight` is `pos_weight` in PyTorch's state dicts. */
const bufferName = (option: string): string => option.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** What all losses are: options that were checked. Tensors among them are buffers: they move with the module and are in its state dict. */
export abstract class Loss<Options extends object> extends Module {
  readonly #options: Required<Options>;
  readonly #shown: string;

  /**
   * @param name - for messages
   * @param complete - checks options and fills in the defaults
   */
  protected constructor(
    name: string,
    complete: (where: string, options: Partial<Options>) => Required<Options>,
    options: Options,
  ) {
    super();
    this.#options = complete(name, options);
    this.#shown = shownOptions(this.#options, complete(name, {}));
    for (const [key, value] of Object.entries<unknown>(this.#options)) {
      if (value instanceof Tensor) this.registerBuffer(bufferName(key), value);
    }
  }

  /** All of them, with the tensors as they are now. */
  protected get options(): Required<Options> {
    const buffers = Object.keys(this.#options).map((key) => [key, this.buffer(bufferName(key))] as const);
    return { ...this.#options, ...Object.fromEntries(buffers.filter(([, buffer]) => buffer !== null)) };
  }

  protected override extraRepr(): string {
    return this.#shown;
  }
}
