/** What a registration returns: `remove()` undoes it. */
export interface HookHandle {
  remove(): void;
}

/** Hooks of one kind, called in the order of registration. */
export class HookList<Hook> {
  readonly #hooks: { hook: Hook }[] = [];

  get isEmpty(): boolean {
    return this.#hooks.length === 0;
  }

  add(hook: Hook, { prepend = false }: { prepend?: boolean } = {}): HookHandle {
    const entry = { hook };
    if (prepend) this.#hooks.unshift(entry);
    else this.#hooks.push(entry);
    return {
      remove: () => {
        const index = this.#hooks.indexOf(entry);
        if (index >= 0) this.#hooks.splice(index, 1);
      },
    };
  }

  /** A snapshot: a hook may remove itself while it runs. */
  [Symbol.iterator](): Iterator<Hook> {
    return this.#hooks.map(({ hook }) => hook).values();
  }
}
