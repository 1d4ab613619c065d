import type { Local } from "../assembler/function-builder.ts";
import type { Context } from "./context.ts";
import { storeElements } from "./elements.ts";
import type { Frame } from "./frame.ts";
import type { PlannedOutput } from "./plan.ts";
import type { Values } from "./values.ts";

/** Computes and stores all outputs. Every value comes before the first store, so that an output may replace an input. */
export function writeOutputs(context: Context, frame: Frame, values: Values, copy: number): void {
  const { f } = context;
  const nodes = context.plan.outputs.flatMap(({ value, scatter }) => (scatter ? [value, scatter.at] : [value]));
  context.temporary(
    nodes.map(() => "v128" as const),
    (...locals) => {
      nodes.forEach((node, i) => {
        values.push(node, copy);
        f.set(locals[i] as Local);
      });
      let next = 0;
      for (const output of context.plan.outputs) {
        storeElements(context, frame, output as PlannedOutput, copy, locals[next++] as Local, scatterAt(output));
      }
      function scatterAt({ scatter }: PlannedOutput): Local | undefined {
        return scatter ? locals[next++] : undefined;
      }
    },
  );
}
