import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Let the engine give back all memory that nothing refers to. */
export function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}
