/** Words of shared memory (int32 indices) by which threads meet. Far apart where different threads write, to spare cache lines. */
export const CONTROL = {
  /** Number of the job: changes when there is work. */
  job: 16,
  /** The low 16 bits are the next chunk, the others the job's number. */
  claim: 32,
  /** The chunk that stands for no chunk: the next job is being described. */
  closed: 0xffff,
  /** Chunks finished. */
  done: 48,
  /** Threads that have started. */
  ready: 64,
  failed: 80,
  id: 96,
  block: 97,
  items: 98,
  chunk: 99,
  /** Four words: address and size of the module's bytes, address and size of the entry's name. */
  module: 100,
  /** Looks at `job` before a thread goes to sleep: some tens of microseconds. */
  spins: 20_000,
} as const;

/** Byte address of parameter blocks; they end where tensors begin. */
export const BLOCK_ADDRESS = 4096;
