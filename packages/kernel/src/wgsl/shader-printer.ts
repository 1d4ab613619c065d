import { type DistinctNode, distinctNodes } from "../distinct-nodes.ts";
import type { DType, ScalarType } from "../dtype.ts";
import type { Expr, Op } from "../expr.ts";
import type { Kernel, Reduction } from "../kernel.ts";
import { atom, call, expressionText, infix, literal, type Text } from "./expression-text.ts";
import { functionsFor } from "./library.ts";
import { float32Bits, type Param, paramsOf } from "./params.ts";
import type { WgslBinding } from "./print.ts";

const longestInline = 70;
const numbered = (name: string, count: number): string[] => Array.from({ length: count }, (_, i) => name + i);
const isPacked = (dtype: DType): boolean => dtype === "float16" || dtype === "uint8" || dtype === "bool";

/** Writes a shader's text; its bindings and parameters are complete once it has. */
export class ShaderPrinter {
  readonly params: Param[];
  readonly bindings: WgslBinding[] = [];
  readonly #kernel: Kernel;
  readonly #workgroupSize: number;
  readonly #sharedWith: readonly (number | undefined)[];
  #lines: string[] = [];
  #indent = "  ";
  #names: Map<DistinctNode | string, Text> = new Map();
  #temporaries = 0;
  #indices: readonly string[] = [];
  readonly #constants = new Map<number, string>();

  constructor(kernel: Kernel, workgroupSize: number, sharedWith: readonly (number | undefined)[]) {
    this.#kernel = kernel;
    this.#workgroupSize = workgroupSize;
    this.#sharedWith = sharedWith;
    this.params = paramsOf(kernel);
  }

  print(): string {
    const { reduce } = this.#kernel;
    const entries = [this.#serial(), ...(reduce && !reduce.scan ? [this.#tree(reduce)] : [])];
    const functions = functionsFor(entries.join("\n"));
    for (const [name, bits] of [
      ["nan", float32Bits(Number.NaN)],
      ["zero", 0],
    ] as const) {
      if ([...functions, ...entries].some((text) => text.includes(`params.${name}`))) this.#param(name, "u32", bits);
    }
    return [this.#header(), ...functions, ...entries].join("\n\n").concat("\n");
  }

  #param(name: string, type: Param["type"], value: number): void {
    this.params.push({ name, type, valueIn: () => value });
  }

  #header(): string {
    const { inputs, outputs } = this.#kernel;
    const declarations = ["struct Params {", ...this.params.map(({ name, type }) => `  ${name}: ${type},`), "}"];
    const bind = (
      type: WgslBinding["type"],
      source: WgslBinding["source"],
      address: string,
      name: string,
      of: string,
    ): void => {
      const binding = this.bindings.length;
      this.bindings.push({ binding, type, source });
      declarations.push(`@group(0) @binding(${binding}) var<${address}> ${name}: ${of};`);
    };
    bind("uniform", "params", "uniform", "params", "Params");
    inputs.forEach(({ dtype }, i) => {
      if (dtype === "virtual" || this.#sharedWith[i] !== undefined) return;
      bind(
        "read-only-storage",
        { input: i },
        "storage, read",
        `in${i}`,
        `array<${isPacked(dtype) ? "u32" : wgslType[dtype]}>`,
      );
    });
    outputs.forEach(({ dtype }, i) => {
      bind(
        "storage",
        { output: i },
        "storage, read_write",
        `out${i}`,
        `array<${isPacked(dtype) ? "atomic<u32>" : wgslType[dtype]}>`,
      );
    });
    return declarations.join("\n");
  }

  /** A function with the kept point's number in `point`. */
  #entry(name: string, head: readonly string[], body: () => void): string {
    this.#lines = [];
    this.#indent = "  ";
    this.#names = new Map();
    this.#temporaries = 0;
    this.#indices = numbered("i", this.#kernel.rank);
    for (const line of head) this.#line(line);
    this.#line("if (point >= params.points) { return; }");
    if (this.#indices.length > 0) this.#unravel("point", "i", this.#kernel.rank, "size");
    body();
    const builtins = [
      "@builtin(workgroup_id) group: vec3u",
      "@builtin(num_workgroups) groups: vec3u",
      "@builtin(local_invocation_index) local: u32",
    ].join(", ");
    return `@compute @workgroup_size(${this.#workgroupSize})\nfn ${name}(${builtins}) {\n${this.#lines.join("\n")}\n}`;
  }

  /** One invocation for each kept point. */
  #serial(): string {
    const { reduce, outputs } = this.#kernel;
    const head = [`let point = (group.y * groups.x + group.x) * ${this.#workgroupSize}u + local;`];
    return this.#entry("serial", head, () => {
      if (!reduce) return this.#outputs(distinctNodes(outputs.map(({ expr }) => expr)).roots);
      this.#startAccumulator(reduce);
      const kept = this.#indices;
      this.#indices = [...kept, ...numbered("j", reduce.rank)];
      this.#reducedLoop(reduce.rank, () => {
        const scanned = reduce.scan ? outputs.map(({ expr }) => expr) : [];
        const [value, ...roots] = distinctNodes([reduce.value, ...scanned]).roots;
        this.#accumulate(reduce, this.#text(value as DistinctNode), "position");
        if (isArg(reduce)) this.#line("position++;");
        if (!reduce.scan) return;
        this.#reducedNames(reduce);
        this.#outputs(roots);
      });
      if (reduce.scan) return;
      this.#indices = kept;
      this.#reducedNames(reduce);
      this.#outputs(distinctNodes(outputs.map(({ expr }) => expr)).roots);
    });
  }

  /** One workgroup for each kept point: every invocation takes each n-th element, then halves are combined in workgroup memory. */
  #tree(reduce: Reduction): string {
    const { outputs } = this.#kernel;
    const size = this.#workgroupSize;
    const type = reduce.value.type;
    const arg = isArg(reduce);
    const entry = this.#entry("tree", ["let point = group.y * groups.x + group.x;"], () => {
      const sizes = numbered("params.reduced_size", reduce.rank);
      this.#line(`let count = ${sizes.join(" * ")};`);
      this.#startAccumulator(reduce);
      const kept = this.#indices;
      this.#indices = [...kept, ...numbered("j", reduce.rank)];
      this.#block(`for (var k = local; k < count; k += ${size}u)`, () => {
        this.#unravel("k", "j", reduce.rank, "reduced_size");
        const [value] = distinctNodes([reduce.value]).roots;
        this.#accumulate(reduce, this.#text(value as DistinctNode), "i32(k)");
      });
      this.#indices = kept;
      this.#line("partial[local] = result;");
      if (arg) this.#line("partial_index[local] = result_index;");
      this.#line("workgroupBarrier();");
      this.#block(`for (var half = ${Math.floor(size / 2)}u; half > 0u; half >>= 1u)`, () => {
        this.#block("if (local < half)", () => {
          this.#accumulate(reduce, atom("partial[local + half]"), "partial_index[local + half]");
          this.#line("partial[local] = result;");
          if (arg) this.#line("partial_index[local] = result_index;");
        });
        this.#line("workgroupBarrier();");
      });
      this.#line("if (local > 0u) { return; }");
      this.#reducedNames(reduce);
      this.#outputs(distinctNodes(outputs.map(({ expr }) => expr)).roots);
    });
    const memory = [
      `var<workgroup> partial: array<${type}, ${size}>;`,
      ...(arg ? [`var<workgroup> partial_index: array<i32, ${size}>;`] : []),
    ];
    return `${memory.join("\n")}\n\n${entry}`;
  }

  #line(text: string): void {
    this.#lines.push(this.#indent + text);
  }

  #block(head: string, body: () => void): void {
    this.#line(`${head} {`);
    const outer = this.#names;
    this.#names = new Map(outer);
    this.#indent += "  ";
    body();
    this.#indent = this.#indent.slice(2);
    this.#names = outer;
    this.#line("}");
  }

  #unravel(number: string, index: string, rank: number, size: string): void {
    for (let d = rank - 1; d >= 0; d--) {
      const inner = numbered(`params.${size}`, rank).slice(d + 1);
      const whole = inner.length > 0 ? `(${number} / (${inner.join(" * ")}))` : number;
      this.#line(`let ${index}${d} = i32(${whole}${d > 0 ? ` % params.${size}${d}` : ""});`);
    }
  }

  #reducedLoop(rank: number, body: () => void, d = 0): void {
    if (d === rank) body();
    else {
      this.#block(`for (var j${d} = 0i; j${d} < i32(params.reduced_size${d}); j${d}++)`, () =>
        this.#reducedLoop(rank, body, d + 1),
      );
    }
  }

  #startAccumulator(reduce: Reduction): void {
    const { op, value } = reduce;
    this.#line(`var result = ${this.#literal(neutral(op, value.type), value.type).text};`);
    if (!isArg(reduce)) return;
    this.#line("var result_index = -1i;");
    this.#line("var position = 0i;");
  }

  /** Takes a value, at a position along the flattened reduced dimensions, into the result. A negative position is none. */
  #accumulate({ op, value: { type } }: Reduction, value: Text, position: string): void {
    const result = atom("result");
    if (op !== "argmax" && op !== "argmin") {
      const combined = { op: combineOps[op], type, value: 0, args: [blank(type), blank(type)] };
      this.#line(`result = ${expressionText(combined, [result, value]).text};`);
      return;
    }
    const sign = op === "argmax" ? ">" : "<";
    const compared =
      type === "bool" ? (op === "argmax" ? "(value && !result)" : "(!value && result)") : `value ${sign} result`;
    const nan = type === "f32";
    this.#block("", () => {
      this.#line(`let value = ${value.text};`);
      this.#line(`let at = ${position};`);
      if (nan) this.#line("let nans = vec2<bool>(is_nan(value), is_nan(result));");
      const tie = `(value == result${nan ? " || all(nans)" : ""}) && at < result_index`;
      const wins = nan ? `(nans.x && !nans.y) || (!nans.y && ${compared}) || (${tie})` : `${compared} || (${tie})`;
      this.#line(`if (at >= 0 && (result_index < 0 || ${wins})) { result = value; result_index = at; }`);
    });
  }

  #reducedNames(reduce: Reduction): void {
    this.#names.set("reduced", atom("result"));
    if (isArg(reduce)) this.#names.set("reducedIndex", call("max", atom("result_index"), atom("0i")));
  }

  #outputs(roots: readonly DistinctNode[]): void {
    const { outputs } = this.#kernel;
    // Reads come before writes, named, so that an output may replace an input.
    const values = roots.map((root) => this.#text(root));
    outputs.forEach(({ dtype }, i) => {
      const value = values[i] as Text;
      const at = this.#position(`out${i}`);
      if (!isPacked(dtype)) {
        this.#line(`out${i}[${at.text}] = ${value.text};`);
        return;
      }
      this.#block("", () => {
        const bits =
          dtype === "float16"
            ? call("to_float16", value)
            : dtype === "bool"
              ? call("u32", value)
              : infix(call("u32", value), "&", atom("0xffu"));
        const [unit, mask, width] = dtype === "float16" ? [1, "0xffffu", 16] : [3, "0xffu", 8];
        this.#line(`let at = u32(${at.text});`);
        this.#line(`let bits = ${bits.text};`);
        this.#line(`let shift = (at & ${unit}u) * ${width}u;`);
        this.#line(`atomicAnd(&out${i}[at >> ${unit === 1 ? 1 : 2}u], ~(${mask} << shift));`);
        this.#line(`atomicOr(&out${i}[at >> ${unit === 1 ? 1 : 2}u], bits << shift);`);
      });
    });
  }

  #declare(name: string, value: Text): Text {
    this.#line(`let ${name} = ${value.text};`);
    return atom(name);
  }

  #position(view: string): Text {
    const terms = this.#indices.map((index, d) => `${index} * params.${view}_stride${d}`);
    return { text: [`params.${view}_offset`, ...terms].join(" + "), infix: true };
  }

  #inputPosition(input: number): Text {
    const key = `at${input}`;
    let name = this.#names.get(key);
    if (!name) {
      name = this.#declare(key, this.#position(`in${input}`));
      this.#names.set(key, name);
    }
    return name;
  }

  #inside(input: number): Text | undefined {
    const count = this.#kernel.inputs[input]?.bounds ?? 0;
    if (count === 0) return undefined;
    const key = `inside${input}`;
    let name = this.#names.get(key);
    if (!name) {
      const tests = numbered(`in${input}_bound`, count).map((bound, b) => {
        const at = this.#declare(`place${input}_${b}`, this.#position(bound)).text;
        return `${at} >= 0 && ${at} < params.${bound}_size`;
      });
      name = this.#declare(key, atom(tests.join(" && ")));
      this.#names.set(key, name);
    }
    return name;
  }

  #text(node: DistinctNode): Text {
    const known = this.#names.get(node);
    if (known) return known;
    const { op } = node.expr;
    let text = this.#value(node);
    const isRead = op === "load" || op === "gather";
    if (isRead || (node.args.length > 0 && (node.uses > 1 || text.text.length > longestInline))) {
      const free = op === "load" && !this.#names.has(`x${node.expr.value}`);
      text = this.#declare(free ? `x${node.expr.value}` : `t${this.#temporaries++}`, text);
    }
    this.#names.set(node, text);
    return text;
  }

  #literal(value: number, type: ScalarType): Text {
    const plain = literal(value, type);
    if (plain) return plain;
    const bits = float32Bits(value);
    let name = this.#constants.get(bits);
    if (!name) {
      name = `constant${this.#constants.size}`;
      this.#constants.set(bits, name);
      this.#param(name, "u32", bits);
    }
    return atom(`bitcast<f32>(params.${name})`);
  }

  #value({ expr, args }: DistinctNode): Text {
    const { op, type, value } = expr;
    switch (op) {
      case "const":
        return this.#literal(value, type);
      case "arg":
        return type === "bool" ? infix(atom(`params.arg${value}`), "!=", atom("0u")) : atom(`params.arg${value}`);
      case "offset":
        return this.#inputPosition(value);
      case "load":
        return this.#read(value, type, this.#inputPosition(value));
      case "gather":
        return this.#read(value, type, infix(this.#inputPosition(value), "+", this.#text(args[0] as DistinctNode)));
      case "reduced":
      case "reducedIndex":
        return this.#names.get(op) as Text;
      default: {
        const operands = args.map((a) => this.#operand(expr, a));
        // An operation on literals alone is an error where it overflows; a declared name is not a literal.
        const [first] = operands;
        const allLiteral = args.every((a) => a.expr.op === "const" && a.expr.type !== "bool");
        if (allLiteral && first) operands[0] = this.#declare(`t${this.#temporaries++}`, first);
        return expressionText(expr, operands);
      }
    }
  }

  #operand(user: Expr, node: DistinctNode): Text {
    const { op, value } = node.expr;
    // A compiler that assumes there is no NaN makes x * 0 into 0.
    if (user.type === "f32" && isArithmetic(user.op) && op === "const" && Object.is(value, 0))
      return atom("bitcast<f32>(params.zero)");
    const text = this.#text(node);
    return mayRegroup(user, node.expr) ? call("rounded", text) : text;
  }

  #read(input: number, type: ScalarType, at: Text): Text {
    const dtype = this.#kernel.inputs[input]?.dtype as DType;
    const shared = this.#sharedWith[input];
    const array = shared === undefined ? `in${input}` : `out${shared}`;
    const inside = this.#inside(input);
    let value = atom(`${array}[${at.text}]`);
    if (isPacked(dtype)) {
      const place = this.#declare(`t${this.#temporaries++}`, call("u32", at)).text;
      const [unit, log, mask, width] = dtype === "float16" ? [1, 1, "0xffffu", 16] : [3, 2, "0xffu", 8];
      const word = `${array}[${place} >> ${log}u]`;
      const loaded = shared === undefined ? word : `atomicLoad(&${word})`;
      const bits = atom(`(${loaded} >> ((${place} & ${unit}u) * ${width}u)) & ${mask}`);
      value =
        dtype === "float16"
          ? call("from_float16", bits)
          : dtype === "bool"
            ? { text: `(${bits.text}) != 0u`, infix: true }
            : call("i32", bits);
    }
    return inside ? call("select", this.#literal(0, type), value, inside) : value;
  }
}

const wgslType: Readonly<Record<DType, string>> = {
  float32: "f32",
  int32: "i32",
  float16: "u32",
  uint8: "u32",
  bool: "u32",
  float64: "f64",
  int64: "i64",
};

const isArg = ({ op }: Reduction): boolean => op === "argmax" || op === "argmin";
const combineOps = { sum: "add", prod: "mul", max: "max", min: "min" } as const;
const blank = (type: ScalarType): Expr => ({ op: "const", type, args: [], value: 0 });

const sums: ReadonlySet<Op> = new Set<Op>(["add", "sub"]);
const products: ReadonlySet<Op> = new Set<Op>(["mul", "div"]);

const isArithmetic = (op: Op): boolean => sums.has(op) || products.has(op) || op === "madd";

/** Whether a compiler could regroup the operation with the one that makes its operand, or fuse them. */
const mayRegroup = ({ op, type }: Expr, { op: inner }: Expr): boolean =>
  type === "f32" &&
  ((sums.has(op) && (sums.has(inner) || inner === "mul")) || (products.has(op) && products.has(inner)));

/** What a reduction starts from. */
function neutral(op: Reduction["op"], type: ScalarType): number {
  if (op === "sum" || op === "prod") return op === "sum" ? 0 : 1;
  const isLarge = op === "max" || op === "argmax";
  switch (type) {
    case "i32":
      return isLarge ? -2147483648 : 2147483647;
    case "u32":
      return isLarge ? 0 : 4294967295;
    case "bool":
      return isLarge ? 0 : 1;
    default:
      return isLarge ? -Infinity : Infinity;
  }
}
