import { type AttrValue, type GraphDef, type NodeDef, resultAttributes } from "./graph-def.ts";
import { type OpPlace, type Trace, type TracedModel, trace } from "./trace.ts";
import type { RecordedOp } from "./traced-tensor.ts";

/**
 * The graph of a model: the module tree as scopes, ops as nodes in the module that did them, edges as the data flows. Parameters are nodes
 * too, one each however often they are used.
 */
export function modelGraph(model: TracedModel, input: unknown): GraphDef {
  return new GraphBuilder(trace(model, input)).build();
}

class GraphBuilder {
  readonly #trace: Trace;
  readonly #nodes: NodeDef[] = [];
  readonly #taken = new Set<string>();
  /** The name of the node that stands for an op or a leaf. */
  readonly #nameOf = new Map<RecordedOp, string>();
  readonly #inputNames = new Map<object, string>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  build(): GraphDef {
    const { inputs, outputs, ops } = this.#trace;
    for (const [path, tensor] of inputs) {
      const name = inputs.length === 1 ? "input" : `input/${path}`;
      this.#inputNames.set(tensor, this.#add(name, "IO Node", [], tensor));
    }
    for (const [op, place] of ops) this.#nameOf.set(op, this.#nodeOf(op, place));
    for (const [path, tensor] of outputs) {
      const source = tensor.gradFn ? this.#nameOf.get(tensor.gradFn) : this.#inputNames.get(tensor);
      this.#add(path === "" ? "output" : `output/${path}`, "IO Node", source === undefined ? [] : [source], tensor);
    }
    return { node: this.#nodes };
  }

  #nodeOf(op: RecordedOp, { scope, module }: OpPlace): string {
    const { inputs, parameters, scopes } = this.#trace;
    if (op.variable) {
      const input = this.#inputNames.get(op.variable);
      if (input !== undefined) return input;
      const path = parameters.get(op.variable)?.split(".");
      if (!path) return this.#add(`${scope}/variable`, "Variable", [], op);
      const own = path.pop();
      return this.#add(`${scopes.ofName(path.join("."))}/${own}`, "Parameter", [], op);
    }
    const sources = op.nextFunctions
      .map((each) => each && this.#nameOf.get(each))
      .filter((each) => typeof each === "string");
    const [source] = sources;
    // Other looks at the same numbers are how ops are made of others, and nobody's idea of the model.
    const before = op.nextFunctions[0];
    if (source !== undefined && sources.length === 1 && before && isSameLook(op, before)) return source;
    const kept = inputs
      .filter(([, tensor]) => !tensor.requiresGrad && op.saves(tensor))
      .map(([, tensor]) => this.#inputNames.get(tensor))
      .filter((each) => each !== undefined);
    const note = describe(module);
    return this.#add(`${scope}/${op.name}`, op.name, [...sources, ...kept], op, note ? { attr: { s: note } } : {});
  }

  /** Returns its name: with a number if there is one of that name. */
  #add(
    wanted: string,
    op: string,
    input: string[],
    { shape, dtype }: { readonly shape: readonly number[]; readonly dtype: string },
    attr: Record<string, AttrValue> = {},
  ): string {
    let name = wanted;
    for (let i = 1; this.#taken.has(name); i++) name = `${wanted}_${i}`;
    this.#taken.add(name);
    this.#nodes.push({ name, op, input, attr: { ...resultAttributes(shape, dtype), ...attr } });
    return name;
  }
}

const looks: ReadonlySet<string> = new Set(["reshape", "expand"]);

/** The same numbers in the same order and the same shape, but for dimensions of one element. */
const isSameLook = (op: RecordedOp, before: RecordedOp): boolean =>
  looks.has(op.name) &&
  String(op.shape.filter((size) => size !== 1)) === String(before.shape.filter((size) => size !== 1));

/** `Conv2d(3, 16, ...)`, where a module says so in one line. */
function describe(module: object): string | null {
  if (module.toString === Object.prototype.toString) return null;
  const text = String(module);
  return text.includes("\n") ? null : text;
}
