import type { Case, ContestantId, Prepare } from "./family.ts";

export interface Contestant {
  readonly id: ContestantId;
  readonly label: string;
  /** What `--peers` takes; ours always takes part. */
  readonly peer: "anneal" | "tfjs" | "jax" | "torch";
  readonly threads: number;
  readonly runtime: "node" | "python";
  /** Measured in one round only: slow, and far from deciding anything. */
  readonly rough?: boolean;
}

/** In the order in which they run and are shown. */
export const contestants: readonly Contestant[] = [
  { id: "anneal-1", label: "Anneal", peer: "anneal", threads: 1, runtime: "node" },
  { id: "tfjs-wasm-1", label: "tfjs wasm", peer: "tfjs", threads: 1, runtime: "node" },
  { id: "jax", label: "jax-js", peer: "jax", threads: 1, runtime: "node" },
  { id: "jax-jit", label: "jax-js jit", peer: "jax", threads: 1, runtime: "node" },
  { id: "torch-1", label: "PyTorch", peer: "torch", threads: 1, runtime: "python" },
  { id: "tfjs-cpu", label: "tfjs cpu", peer: "tfjs", threads: 1, runtime: "node", rough: true },
  { id: "anneal-2", label: "Anneal, 2 threads", peer: "anneal", threads: 2, runtime: "node" },
  { id: "tfjs-wasm-2", label: "tfjs wasm, 2 threads", peer: "tfjs", threads: 2, runtime: "node" },
  { id: "torch-2", label: "PyTorch, 2 threads", peer: "torch", threads: 2, runtime: "python" },
];

/** How this contestant does this case in Node; undefined where it has no part in it. */
export function prepareOf(timed: Case, id: ContestantId): Prepare | undefined {
  switch (id) {
    case "anneal-1":
    case "anneal-2":
      return timed.anneal;
    case "tfjs-wasm-1":
    case "tfjs-wasm-2":
    case "tfjs-cpu":
      return timed.tfjs;
    case "jax":
      return timed.jax;
    case "jax-jit":
      return timed.jaxJit;
    case "yardstick":
      return timed.yardstick;
    case "torch-1":
    case "torch-2":
      return undefined;
    default:
      return id satisfies never;
  }
}

/** Does it take part? Yardsticks are measured by the one-threaded Anneal. */
export function takesPart(timed: Case, { id, runtime }: Contestant): boolean {
  if (runtime === "python") return timed.torch === true;
  return prepareOf(timed, id) !== undefined || (id === "anneal-1" && timed.yardstick !== undefined);
}
