import { callForward, checkModel, type HookedModel, inEvaluation } from "../models/hooked-module.ts";
import { OptionError } from "../options/option-error.ts";
import { type Call, ModuleScopes } from "./module-scopes.ts";
import { mapTensors, type RecordedOp, type TracedTensor, tensorsIn } from "./traced-tensor.ts";

/** A model whose graph can be drawn. Those of `@anneal/nn` can. */
export interface TracedModel extends HookedModel {
  namedParameters(): Iterable<readonly [name: string, parameter: TracedTensor]>;
}

/** What one run of a model did. */
export interface Trace {
  /** The model's inputs, as they were given to it. */
  readonly inputs: readonly (readonly [path: string, tensor: TracedTensor])[];
  readonly outputs: readonly (readonly [path: string, tensor: TracedTensor])[];
  /** Each op and leaf with the scope it belongs to, after those it takes its inputs from. */
  readonly ops: ReadonlyMap<RecordedOp, OpPlace>;
  /** The names of the parameters. */
  readonly parameters: ReadonlyMap<object, string>;
  readonly scopes: ModuleScopes;
}

export interface OpPlace {
  readonly scope: string;
  /** The module that did it. */
  readonly module: object;
}

/**
 * Run the model once, in evaluation mode, and see which module recorded which op. Modes and `requiresGrad` are put back, also if it throws.
 *
 * @throws {OptionError} if nothing was recorded
 */
export function trace(model: TracedModel, input: unknown): Trace {
  checkModel("addGraph", model, "namedParameters");
  // What wants no gradient is not recorded, so for once all that can does.
  const inputs = mapTensors(Array.isArray(input) ? input : [input], (each) => recording(each.detach()));
  const parameters = [...model.namedParameters()];
  const frozen = parameters.map(([, each]) => each).filter((each) => !each.requiresGrad && isFloat(each));
  const watch = new Watch(model);
  try {
    for (const each of frozen) each.requiresGrad = true;
    const output = inEvaluation(model, () => callForward(model, Array.isArray(inputs) ? inputs : []));
    if (watch.ops.size === 0) {
      throw new OptionError(
        `addGraph: nothing was recorded of what ${model.constructor.name} does. Call addGraph outside of noGrad() and evaluate(), with tensors that record, such as those of @anneal/tensor.`,
      );
    }
    return {
      inputs: tensorsIn(inputs),
      outputs: tensorsIn(output),
      ops: watch.ops,
      parameters: new Map(parameters.map(([name, each]) => [each, name])),
      scopes: watch.scopes,
    };
  } finally {
    for (const each of frozen) each.requiresGrad = false;
    watch.end();
  }
}

function recording(tensor: TracedTensor): TracedTensor {
  if (isFloat(tensor)) tensor.requiresGrad = true;
  return tensor;
}

const isFloat = ({ dtype }: TracedTensor): boolean => dtype.includes("float");

/** Hooks on every module of a model that give the ops to the innermost module that did them. */
class Watch {
  readonly ops = new Map<RecordedOp, OpPlace>();
  readonly scopes: ModuleScopes;
  readonly #calls: Call[] = [];
  readonly #handles: { remove(): void }[] = [];

  constructor(model: HookedModel) {
    this.scopes = new ModuleScopes(model);
    for (const [, module] of model.namedModules()) {
      this.#handles.push(
        module.registerForwardPreHook((_, inputs) => {
          // What is new in a module's inputs was done by the one that calls it.
          const caller = this.#calls.at(-1);
          if (caller) this.#claim(inputs, caller);
          this.#calls.push(this.scopes.enter(module, this.#calls));
        }),
        module.registerForwardHook((_, __, output) => {
          // Calls that threw, and whose error was caught, are still there.
          let call = this.#calls.pop();
          while (call && call.module !== module) call = this.#calls.pop();
          if (call) this.#claim(output, call);
        }),
      );
    }
  }

  end(): void {
    for (const handle of this.#handles) handle.remove();
  }

  /** All that these tensors were made from and that nobody has claimed. */
  #claim(value: unknown, { scope, module }: Call): void {
    const waiting = tensorsIn(value)
      .map(([, { gradFn }]) => gradFn)
      .reverse();
    // An explicit stack: graphs are as deep as models are long.
    for (let op = waiting.at(-1); op !== undefined; op = waiting.at(-1)) {
      const before = op?.nextFunctions.filter((each) => each !== null && !this.ops.has(each)) ?? [];
      if (op && !this.ops.has(op) && before.length > 0) {
        waiting.push(...before.reverse());
        continue;
      }
      waiting.pop();
      if (op && !this.ops.has(op)) this.ops.set(op, { scope, module });
    }
  }
}
