import type { ContestantId } from "../family.ts";
import { setUpAnneal } from "./anneal.ts";
import { setUpJax } from "./jax.ts";
import { setUpTfjsCpu, setUpTfjsWasm } from "./tfjs.ts";

/** Make the contestant's library ready to work, before anything is timed. */
export async function setUp(id: ContestantId): Promise<void> {
  switch (id) {
    case "anneal-1":
      return setUpAnneal(1);
    case "anneal-2":
      return setUpAnneal(2);
    case "tfjs-wasm-1":
      return setUpTfjsWasm(1);
    case "tfjs-wasm-2":
      return setUpTfjsWasm(2);
    case "tfjs-cpu":
      return setUpTfjsCpu();
    case "jax":
    case "jax-jit":
      return setUpJax();
    case "torch-1":
    case "torch-2":
    case "yardstick":
      return;
    default:
      return id satisfies never;
  }
}
