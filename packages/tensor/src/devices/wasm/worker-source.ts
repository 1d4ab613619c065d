import { CONTROL } from "./control.ts";

/**
 * What a helper thread runs, as text, so that no bundler and no server needs to know of a worker file. It waits for a job, takes chunks
 * of it until none are left, and waits again; functions it has not met yet it compiles from bytes the main thread left in the shared
 * memory.
 *
 * A chunk is taken by one compare-and-exchange on a word that holds the job's number and the next chunk: it fails if the job is over, so
 * a thread that wakes late does no harm.
 */
export const workerSource = `
const start = ({ memory }) => {
  let i32 = new Int32Array(memory.buffer);
  const functions = new Map();
  const instances = new Map();
  const text = (address, length) => new TextDecoder().decode(new Uint8Array(memory.buffer, address, length).slice());
  const find = (id, claim) => {
    const [bytes, size, entry, entrySize] = [0, 1, 2, 3].map((i) => Atomics.load(i32, ${CONTROL.module} + i));
    // The job is over, and these may be another's.
    if ((Atomics.load(i32, ${CONTROL.claim}) ^ claim) >>> 16 !== 0) return;
    let instance = instances.get(bytes);
    if (!instance) {
      const module = new WebAssembly.Module(new Uint8Array(memory.buffer, bytes, size).slice());
      instance = new WebAssembly.Instance(module, { env: { memory } });
      instances.set(bytes, instance);
    }
    const found = instance.exports[text(entry, entrySize)];
    functions.set(id, found);
  };
  Atomics.add(i32, ${CONTROL.ready}, 1);
  let seen = Atomics.load(i32, ${CONTROL.job});
  for (;;) {
    let idle = 0;
    while (Atomics.load(i32, ${CONTROL.job}) === seen) {
      // Jobs of a training step follow each other closely: look a while before going to sleep.
      if (++idle > ${CONTROL.spins}) Atomics.wait(i32, ${CONTROL.job}, seen);
    }
    seen = Atomics.load(i32, ${CONTROL.job});
    for (;;) {
      const claim = Atomics.load(i32, ${CONTROL.claim});
      const chunk = claim & 0xffff;
      if (chunk === ${CONTROL.closed}) break;
      const id = Atomics.load(i32, ${CONTROL.id});
      const block = Atomics.load(i32, ${CONTROL.block});
      const items = Atomics.load(i32, ${CONTROL.items});
      const size = Atomics.load(i32, ${CONTROL.chunk});
      if (chunk * size >= items) break;
      const run = functions.get(id);
      if (!run) {
        // Compiling takes a while: do it before taking work that others would wait for.
        try { find(id, claim); } catch { break; }
        continue;
      }
      if (Atomics.compareExchange(i32, ${CONTROL.claim}, claim, claim + 1) !== claim) continue;
      try {
        run(block, chunk * size, Math.min(items, (chunk + 1) * size));
      } catch {
        Atomics.store(i32, ${CONTROL.failed}, 1);
      }
      Atomics.add(i32, ${CONTROL.done}, 1);
    }
  }
};
if (typeof process === "object" && process.versions?.node) start(process.getBuiltinModule("node:worker_threads").workerData);
else self.onmessage = ({ data }) => start(data);
`;
