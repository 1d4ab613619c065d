import { type ChildProcess, spawn, spawnSync } from "node:child_process";

/** Python, and why it has no TensorBoard: for the title of a test that is skipped. Empty where it has. */
export interface Python {
  readonly command: string;
  readonly missing: string;
}

/** `ANNEAL_PYTHON` names it, or it is `python3`. */
export function findPython(): Python {
  const command = process.env.ANNEAL_PYTHON ?? "python3";
  // Finding it takes less time than importing it.
  const look = "import sys; from importlib.util import find_spec; sys.exit(not find_spec('tensorboard'))";
  const { status } = spawnSync(command, ["-c", look], { stdio: "ignore" });
  const missing = ` (skipped: ${command} has no tensorboard; ANNEAL_PYTHON names one that has)`;
  return { command, missing: status === 0 ? "" : missing };
}

/** A TensorBoard that serves a directory. */
export class TensorBoard {
  readonly #process: ChildProcess;
  readonly #url: string;

  private constructor(process: ChildProcess, url: string) {
    this.#process = process;
    this.#url = url;
  }

  /** Starts one on a free port. `fast` is the data server in Rust that people have by default. */
  static async start(python: string, logDir: string, { fast }: { fast: boolean }): Promise<TensorBoard> {
    const args = ["-m", "tensorboard.main", "--logdir", logDir, "--host", "127.0.0.1", "--port", "0"];
    const child = spawn(python, [...args, `--load_fast=${fast}`]);
    const url = await new Promise<string>((resolve, reject) => {
      let said = "";
      const listen = (chunk: Buffer): void => {
        said += chunk;
        const [found] = /http:\/\/127\.0\.0\.1:\d+/.exec(said) ?? [];
        if (found) resolve(found);
      };
      child.stdout.on("data", listen);
      child.stderr.on("data", listen);
      child.on("exit", () => reject(new Error(`TensorBoard ended: ${said}`)));
    });
    return new TensorBoard(child, url);
  }

  /** What it answers, as JSON or, if it is none, as text. */
  async get(path: string, query: Record<string, string> = {}, body?: object): Promise<unknown> {
    const response = await this.fetch(path, query, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text;
  }

  fetch(path: string, query: Record<string, string> = {}, body?: object): Promise<Response> {
    const url = new URL(`/data/${path}`, this.#url);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    if (!body) return fetch(url);
    return fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  }

  stop(): void {
    this.#process.kill();
  }
}
