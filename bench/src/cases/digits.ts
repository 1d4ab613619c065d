import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { ProbedFamily } from "../family.ts";
import { lastWords } from "../last-words.ts";

const run = promisify(execFile);

const example = fileURLToPath(new URL("../../../examples/digits/src/main.ts", import.meta.url));

/** Run the main job as a user does, and read its last figures off what it prints. */
async function train(...options: readonly string[]): Promise<{ accuracy: number; loss: number; seconds: number }> {
  const start = performance.now();
  const args = ["--conditions=@anneal/source", example, ...options];
  const { stdout } = await run(process.execPath, args, { maxBuffer: 64 * 2 ** 20 }).catch(
    (error: { stderr: string }) => {
      throw new Error(`digits: ${lastWords(error.stderr)}`);
    },
  );
  const seconds = (performance.now() - start) / 1000;
  const [right, of] = numbers(stdout, /^test accuracy .*, (\d+) of (\d+)$/m);
  const [loss] = numbers(stdout, /^final loss ([\d.e+-]+)/m);
  return { accuracy: (100 * (right ?? Number.NaN)) / (of ?? Number.NaN), loss: loss ?? Number.NaN, seconds };
}

/** The numbers in the groups of the pattern. */
function numbers(text: string, pattern: RegExp): number[] {
  const found = pattern.exec(text);
  if (!found) throw new Error(`digits: the example printed nothing like ${pattern}.`);
  return found.slice(1).map(Number);
}

/** Does the training that all this is for reach the accuracy of PyTorch? */
export const digitsFamily: ProbedFamily = {
  kind: "probed",
  name: "digits",
  title: "The main job: examples/digits",
  probes: [
    {
      id: "digits",
      probe: async () => {
        const first = await train();
        const second = await train();
        return {
          "test accuracy %": first.accuracy,
          "final loss": first.loss,
          "final loss, second run": second.loss,
          seconds: first.seconds,
        };
      },
    },
    {
      id: "MNIST, 5 epochs",
      probe: async ({ mnist }) => {
        if (mnist === null) return "skipped: give --mnist with the folder of its IDX files";
        const { accuracy, loss, seconds } = await train("--mnist", mnist, "--epochs", "5");
        return { "test accuracy %": accuracy, "final loss": loss, seconds };
      },
    },
  ],
};
