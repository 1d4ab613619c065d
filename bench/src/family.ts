/** One run of what is timed; it has finished its work when it returns (or when its promise settles). */
export type Run = () => void | Promise<void>;

/** Who can take part: ours and the peers, each on one or two threads. */
export type ContestantId =
  | "anneal-1"
  | "anneal-2"
  | "tfjs-wasm-1"
  | "tfjs-wasm-2"
  | "tfjs-cpu"
  | "jax"
  | "jax-jit"
  | "torch-1"
  | "torch-2"
  | "yardstick";

/**
 * Makes its inputs, which costs nothing in the figures, and gives back what is timed. The library is set up for the contestant by
 * then, except in a `fresh` family, where the run does that itself.
 */
export type Prepare = (contestant: ContestantId) => Promise<Run>;

/**
 * One thing to measure. Each contestant's way of doing it stands beside the others', so that a reader can judge whether they are
 * alike. PyTorch's is in `torch/bench.py`, under the same id.
 */
export interface Case {
  /** Names it in the tables, and in `torch/bench.py`. */
  readonly id: string;
  /** Floating-point operations of one run, a multiply-add counting as two. */
  readonly flops?: number;
  readonly anneal?: Prepare;
  readonly tfjs?: Prepare;
  /** jax-js, one operation at a time. */
  readonly jax?: Prepare;
  /** jax-js, inside its `jit`. */
  readonly jaxJit?: Prepare;
  /** `torch/bench.py` has it. */
  readonly torch?: boolean;
  /** What the machine can do at best, measured in the process of the one-threaded Anneal. */
  readonly yardstick?: Prepare;
}

/** Cases that are measured and shown together. */
export interface TimedFamily {
  readonly kind: "timed";
  /** What `--only` takes. */
  readonly name: string;
  readonly title: string;
  readonly cases: readonly Case[];
  /** Every run in a process of its own, from before the library is imported. */
  readonly fresh?: boolean;
}

/** Things that are not times: numbers by name, measured with Anneal only. */
export interface ProbedFamily {
  readonly kind: "probed";
  readonly name: string;
  readonly title: string;
  readonly probes: readonly Probe[];
}

export interface Probe {
  readonly id: string;
  /** Numbers by name, or a sentence that says why there are none. */
  readonly probe: (options: ProbeOptions) => Promise<Readonly<Record<string, number>> | string>;
}

export interface ProbeOptions {
  readonly quick: boolean;
  /** Folder of MNIST's IDX files, where the user has one. */
  readonly mnist: string | null;
}

export type Family = TimedFamily | ProbedFamily;
