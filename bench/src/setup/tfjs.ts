import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** What makes tfjs train: in Node its gradients come only with its layers, or with everything. */
export async function registerTfjsGradients(): Promise<void> {
  await import("@tensorflow/tfjs-layers");
}

/** tfjs on its plain JavaScript backend. */
export async function setUpTfjsCpu(): Promise<void> {
  const tf = await import("@tensorflow/tfjs-core");
  await import("@tensorflow/tfjs-backend-cpu");
  await tf.setBackend("cpu");
}

/** tfjs on WebAssembly. With several threads it needs help: in Node it switches them off. */
export async function setUpTfjsWasm(threads: number): Promise<void> {
  if (threads > 1) mendThreadsInNode(threads);
  const tf = await import("@tensorflow/tfjs-core");
  const { getThreadsCount, setThreadsCount } = await import("@tensorflow/tfjs-backend-wasm");
  if (threads > 1) {
    tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", true);
    setThreadsCount(threads);
  }
  await tf.setBackend("wasm");
  if (tf.getBackend() !== "wasm") throw new Error("tfjs: its wasm backend did not start.");
  if (threads > 1 && getThreadsCount() !== threads)
    throw new Error(`tfjs: wanted ${threads} threads, got ${getThreadsCount()}.`);
}

/**
 * tfjs hands its workers' code over as blob URLs, which Node's workers do not read, and takes half as many threads as the machine has
 * cores. Node gets the same code as text, and tfjs twice as many cores.
 *
 * @see {@link https://github.com/tensorflow/tfjs/issues/3830 | tfjs issue 3830}
 */
function mendThreadsInNode(threads: number): void {
  const require = createRequire(import.meta.url);
  const folder = join(dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json")), "wasm-out");
  const main = join(folder, "tfjs-backend-wasm-threaded-simd.js");
  const { wasmWorkerContents } = require(join(folder, "tfjs-backend-wasm-threaded-simd.worker.js")) as {
    wasmWorkerContents: string;
  };
  const code = wasmWorkerContents.replaceAll("\n", "\\n");

  // The objects that `require` gives are the ones tfjs will see; an import's are read-only.
  const workerThreads = require("node:worker_threads") as { Worker: typeof import("node:worker_threads").Worker };
  workerThreads.Worker = class extends workerThreads.Worker {
    constructor(file: string | URL, options?: import("node:worker_threads").WorkerOptions) {
      if (String(file).startsWith("blob:")) super(code, { eval: true });
      else super(file, options);
    }

    override postMessage(
      message: { readonly cmd?: string },
      transfer?: readonly import("node:worker_threads").Transferable[],
    ): void {
      super.postMessage(message?.cmd === "load" ? { ...message, urlOrBlob: main } : message, transfer);
    }
  };
  const os = require("node:os") as { cpus: typeof import("node:os").cpus };
  const cpus = os.cpus();
  os.cpus = () => Array.from({ length: 2 * threads }, (_, i) => cpus[i % cpus.length] as (typeof cpus)[number]);
}
