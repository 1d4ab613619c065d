import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** Python programs that read what we write, where there is a Python with PyTorch and the package safetensors. */
export interface Python {
  /** Why there is none: for the title of a test that is skipped. Empty where there is one. */
  readonly missing: string;
  /** Run a program and give back the JSON that it prints. Its arguments are in `sys.argv[1:]`. */
  run(program: string, ...args: readonly string[]): Promise<unknown>;
}

/** `ANNEAL_PYTHON` names it, or it is `python3`. */
export function findPython(): Python {
  const command = process.env.ANNEAL_PYTHON ?? "python3";
  // Finding them takes less time than importing them.
  const look =
    "import sys; from importlib.util import find_spec; sys.exit(not (find_spec('torch') and find_spec('safetensors')))";
  const { status } = spawnSync(command, ["-c", look], { stdio: "ignore" });
  return {
    missing:
      status === 0 ? "" : ` (skipped: ${command} has no torch and safetensors; ANNEAL_PYTHON names one that has)`,
    async run(program, ...args) {
      const { stdout } = await execute(command, ["-c", program, ...args], { maxBuffer: 2 ** 26 });
      return JSON.parse(stdout);
    },
  };
}
