import type { Value } from "./value.ts";

/**
 * What a tensor and its views share: the value they look at now. An in-place op puts another value here and every view sees it; recipes
 * and the graph hold the old value itself, so nothing computed from it changes.
 */
export class Cell {
  value: Value;
  /** Grows with every in-place op: how the graph notices. */
  version = 0;
  /** A view of this was recorded for gradients. */
  viewsRecorded = false;
  #references = 0;

  constructor(value: Value) {
    this.value = value.retain();
  }

  retain(): this {
    this.#references++;
    return this;
  }

  release(): void {
    if (--this.#references === 0) this.value.release();
  }

  /** In place: everybody who looks here sees `value` from now on. */
  replace(value: Value): void {
    value.retain();
    this.value.release();
    this.value = value;
    this.version++;
  }
}
