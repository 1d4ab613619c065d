import type { Local } from "../assembler/function-builder.ts";
import type { Context } from "./context.ts";
import { scatterElements, storeElements } from "./elements.ts";
import type { Frame } from "./frame.ts";
import type { Values } from "./values.ts";

/** Computes and stores all outputs. Every value comes before the first store, so that an output may replace an input. */
export function writeOutputs(context: Context, frame: Frame, values: Values, copy: number): void {
  const { f } = context;
  const { outputs } = context.plan;
  const nodes = outputs.flatMap(({ value, scatter }) => (scatter ? [value, scatter.at] : [value]));
  context.temporary(
    nodes.map(() => "v128" as const),
    (...locals) => {
      nodes.forEach((node, i) => {
        values.push(node, copy);
        f.set(locals[i] as Local);
      });
      const left = locals.values();
      for (const output of outputs) {
        const value = left.next().value as Local;
        if (output.scatter) {
          const at = left.next().value as Local;
          scatterElements(context, frame, output, copy, value, at, values.isUniform(output.scatter.at));
        } else storeElements(context, frame, output, copy, value);
      }
    },
  );
}
