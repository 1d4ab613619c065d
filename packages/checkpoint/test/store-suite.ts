import { afterEach, describe, it } from "vitest";
import type { Store } from "../src/stores/store.ts";
import { storeCases } from "./store-cases.ts";

/**
 * What every store must do.
 *
 * @param make - makes an empty one
 * @param clear - takes away what was made
 */
export function testStore(name: string, make: () => Store | Promise<Store>, clear?: () => void | Promise<void>): void {
  describe(name, () => {
    if (clear) afterEach(clear);
    for (const { title, run } of storeCases) it(title, async () => run(await make()));
  });
}
