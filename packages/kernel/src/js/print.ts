import { checkKernel } from "../check-kernel.ts";
import { type DistinctNode, distinctNodes } from "../distinct-nodes.ts";
import type { DType, ScalarType } from "../dtype.ts";
import type { Kernel, KernelOutput, Reduction } from "../kernel.ts";
import { atom, call, conditional, expressionText, infix, literal, type Text } from "./expression-text.ts";

const longestInline = 70;

/**
 * The kernel as a JavaScript function of plain loops: `(launch, begin, end) => void`.
 *
 * float32 arithmetic rounds after each operation, and a sum or product of float32 is taken in float64 and rounded once.
 * The functions it calls are those of `Math` and of `js/scalars.ts`.
 *
 * @example
 * const x = expr.load(0);
 * const square = printJs({
 *   rank: 1,
 *   inputs: [{ dtype: "float32", layout: "contiguous", bounds: 0 }],
 *   outputs: [{ dtype: "float32", expr: expr.mul(x, x), layout: "contiguous" }],
 *   args: [],
 * });
 * square.includes("out0[out0Offset + i0 * out0Stride0] = fround(x0 * x0);"); // => true
 */
export function printJs(kernel: Kernel): string {
  checkKernel(kernel);
  return new Printer(kernel).print();
}

/** Values already written in a block, by node. */
type Names = Map<DistinctNode | string, Text>;

class Printer {
  readonly #kernel: Kernel;
  readonly #lines: string[] = [];
  #indent = "  ";
  #names: Names = new Map();
  #temporaries = 0;
  /** The index variables that views move along where the printer is now. */
  #indices: readonly string[];

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#indices = kernelIndices(kernel);
  }

  print(): string {
    const { outputs, reduce } = this.#kernel;
    this.#declarations();
    this.#keptLoop(() => {
      if (!reduce) {
        this.#outputs(distinctNodes(outputsOf(outputs)).roots);
      } else if (reduce.scan) {
        this.#scan(reduce);
      } else {
        this.#reduction(reduce);
        this.#outputs(distinctNodes(outputsOf(outputs)).roots);
      }
    });
    return `function kernel({ shape, inputs, outputs, args }, begin, end) {\n${this.#lines.join("\n")}\n}`;
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

  #declarations(): void {
    const { rank, inputs, outputs, args, reduce } = this.#kernel;
    const sizes = [...numbered("size", rank), ...numbered("reducedSize", reduce?.rank ?? 0)];
    if (sizes.length > 0) this.#line(`const [${sizes.join(", ")}] = shape;`);
    const view = (name: string, from: string, count: number, hasBuffer: boolean): void => {
      const fields = [...(hasBuffer ? [`buffer: ${name}`] : []), `offset: ${name}Offset`];
      if (count > 0) fields.push(`strides: [${numbered(`${name}Stride`, count).join(", ")}]`);
      this.#line(`const { ${fields.join(", ")} } = ${from};`);
    };
    inputs.forEach(({ dtype, bounds }, i) => {
      view(`in${i}`, `inputs[${i}]`, sizes.length, dtype !== "virtual");
      if (bounds > 0) this.#line(`const [${numbered(`in${i}Bound`, bounds).join(", ")}] = inputs[${i}].bounds;`);
    });
    outputs.forEach((_, i) => {
      view(`out${i}`, `outputs[${i}]`, reduce?.scan ? sizes.length : rank, true);
    });
    const fits = {
      f32: "fround(_)",
      f64: "_",
      i32: "_ | 0",
      u32: "_ >>> 0",
      i64: "wrap64(BigInt(trunc(_)))",
      bool: "_ !== 0",
    } as const;
    args.forEach((type, i) => {
      this.#line(`const arg${i} = ${fits[type].replace("_", `args[${i}]`)};`);
    });
  }

  /** Loops over the kept points from `begin` to `end`, in row-major order. */
  #keptLoop(body: () => void): void {
    const { rank } = this.#kernel;
    if (rank <= 1) {
      this.#block(
        rank === 1 ? "for (let i0 = begin; i0 < end; i0++)" : "for (let point = begin; point < end; point++)",
        body,
      );
      return;
    }
    const starts: string[] = [];
    for (let d = 0; d < rank; d++) {
      const inner = numbered("size", rank).slice(d + 1);
      const divisor = inner.length > 1 ? `(${inner.join(" * ")})` : inner[0];
      const whole = inner.length > 0 ? `floor(begin / ${divisor})` : "begin";
      starts.push(`i${d} = ${whole}${d > 0 ? ` % size${d}` : ""}`);
    }
    this.#line(`let ${starts.join(", ")};`);
    this.#block("for (let point = begin; point < end; point++)", () => {
      body();
      const step = (d: number): string =>
        d === 0 ? "i0++;" : `if (++i${d} === size${d}) { i${d} = 0; ${step(d - 1)} }`;
      this.#line(step(rank - 1));
    });
  }

  /** Loops over the reduced dimensions. */
  #reducedLoop(rank: number, body: () => void, d = 0): void {
    if (d === rank) body();
    else
      this.#block(`for (let j${d} = 0; j${d} < reducedSize${d}; j${d}++)`, () => this.#reducedLoop(rank, body, d + 1));
  }

  #reduction(reduce: Reduction): void {
    const accumulator = accumulatorOf(reduce);
    for (const line of accumulator.start) this.#line(line);
    const outer = this.#indices;
    this.#indices = [...outer, ...numbered("j", reduce.rank)];
    this.#reducedLoop(reduce.rank, () => {
      const [value] = distinctNodes([reduce.value]).roots;
      if (value) for (const line of accumulator.step(this.#text(value))) this.#line(line);
    });
    this.#indices = outer;
    this.#reducedNames(accumulator);
  }

  #scan(reduce: Reduction): void {
    const accumulator = accumulatorOf(reduce);
    for (const line of accumulator.start) this.#line(line);
    this.#indices = [...this.#indices, ...numbered("j", reduce.rank)];
    this.#reducedLoop(reduce.rank, () => {
      const [value, ...outputs] = distinctNodes([reduce.value, ...outputsOf(this.#kernel.outputs)]).roots;
      if (value) for (const line of accumulator.step(this.#text(value))) this.#line(line);
      this.#reducedNames(accumulator);
      this.#outputs(outputs);
    });
  }

  #reducedNames({ result, index }: Accumulator): void {
    this.#names.set("reduced", result);
    if (index) this.#names.set("reducedIndex", index);
  }

  /** Writes all outputs at this point. Reads come first, named, so that an output may replace an input. */
  #outputs(roots: readonly DistinctNode[]): void {
    const { outputs } = this.#kernel;
    const left = roots.values();
    const next = (): Text => this.#text(left.next().value as DistinctNode);
    const stores = outputs.map(({ dtype, scatter }, i) => {
      const value = next();
      let at = this.#position(`out${i}`);
      if (scatter) at = infix(at, "+", next());
      return { dtype, scatter, at, value, array: `out${i}` };
    });
    for (const { dtype, scatter, at, value, array } of stores) {
      if (scatter?.combine !== "add") {
        this.#line(`${array}[${at.text}] = ${stored(value, dtype).text};`);
        continue;
      }
      const there = this.#declare(`${array}At`, at).text;
      const old = loaded(`${array}[${there}]`, dtype);
      const sum = dtype === "bool" ? infix(old, "||", value) : infix(old, "+", value);
      this.#line(`${array}[${there}] = ${stored(dtype === "float16" ? call("fround", sum) : sum, dtype).text};`);
    }
  }

  #declare(name: string, value: Text): Text {
    this.#line(`const ${name} = ${value.text};`);
    return atom(name);
  }

  /** Where a view points at here: its offset and a term for each dimension. */
  #position(view: string): Text {
    return this.#indices.reduce<Text>(
      (sum, index, d) => infix(sum, "+", infix(atom(index), "*", atom(`${view}Stride${d}`))),
      atom(`${view}Offset`),
    );
  }

  /** The position of an input, named once for each block. */
  #inputPosition(input: number): Text {
    const key = `at${input}`;
    let name = this.#names.get(key);
    if (!name) {
      name = this.#declare(key, this.#position(`in${input}`));
      this.#names.set(key, name);
    }
    return name;
  }

  /** The condition under which an input is read here, if it has one. */
  #inside(input: number): Text | undefined {
    const count = this.#kernel.inputs[input]?.bounds ?? 0;
    if (count === 0) return undefined;
    const key = `inside${input}`;
    let name = this.#names.get(key);
    if (!name) {
      const tests = numbered(`in${input}Bound`, count).map((bound, b) => {
        const terms = this.#indices.map((index, d) => `${index} * ${bound}.strides[${d}]`);
        const at = this.#declare(`in${input}Place${b}`, atom([`${bound}.offset`, ...terms].join(" + "))).text;
        return `${at} >= 0 && ${at} < ${bound}.size`;
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
    const isLong = text.text.length > longestInline;
    if (isRead || (text.level < 20 && isLong) || (node.args.length > 0 && (node.uses > 1 || isLong))) {
      const free = op === "load" && !this.#names.has(`x${node.expr.value}`);
      const name = free ? `x${node.expr.value}` : `t${this.#temporaries++}`;
      text = this.#declare(name, text);
    }
    this.#names.set(node, text);
    return text;
  }

  #value({ expr, args }: DistinctNode): Text {
    const { op, type, value } = expr;
    switch (op) {
      case "const":
        return literal(value, type);
      case "arg":
        return atom(`arg${value}`);
      case "offset":
        return this.#inputPosition(value);
      case "load":
        return this.#read(value, type, this.#inputPosition(value));
      case "gather":
        return this.#read(
          value,
          type,
          infix(this.#inputPosition(value), "+", this.#text(args[0] as DistinctNode)),
          true,
        );
      case "reduced":
      case "reducedIndex":
        return this.#names.get(op) as Text;
      default: {
        const operands = args.map((a) => this.#text(a));
        return expressionText(expr, operands);
      }
    }
  }

  /** Reads an element, or 0 outside the input's bounds; a gather may point outside the buffer too. */
  #read(input: number, type: ScalarType, at: Text, mayMiss = false): Text {
    const dtype = this.#kernel.inputs[input]?.dtype as DType;
    const zero = type === "i64" ? "0n" : "0";
    const element = mayMiss ? `(in${input}[${at.text}] ?? ${zero})` : `in${input}[${at.text}]`;
    const value = loaded(element, dtype);
    const inside = this.#inside(input);
    return inside ? conditional(inside, value, atom(type === "bool" ? "false" : zero)) : value;
  }
}

const numbered = (name: string, count: number): string[] => Array.from({ length: count }, (_, i) => name + i);

const kernelIndices = ({ rank }: Kernel): string[] => numbered("i", rank);

const outputsOf = (outputs: readonly KernelOutput[]) =>
  outputs.flatMap(({ expr, scatter }) => (scatter ? [expr, scatter.at] : [expr]));

const loaded = (element: string, dtype: DType): Text =>
  dtype === "float16"
    ? call("fromFloat16", atom(element))
    : dtype === "bool"
      ? infix(atom(element), "!==", atom("0"))
      : atom(element);

const stored = (value: Text, dtype: DType): Text =>
  dtype === "float16" ? call("toFloat16", value) : dtype === "bool" ? conditional(value, atom("1"), atom("0")) : value;

/** The variables of a reduction: how they start, how they take a value, what they say in the end. */
interface Accumulator {
  readonly start: readonly string[];
  readonly step: (value: Text) => readonly string[];
  readonly result: Text;
  readonly index?: Text;
}

const lowest: Readonly<Record<ScalarType, string>> = {
  f32: "-Infinity",
  f64: "-Infinity",
  i32: "-2147483648",
  u32: "0",
  i64: "-(2n ** 63n)",
  bool: "false",
};
const highest: Readonly<Record<ScalarType, string>> = {
  f32: "Infinity",
  f64: "Infinity",
  i32: "2147483647",
  u32: "4294967295",
  i64: "2n ** 63n - 1n",
  bool: "true",
};

function accumulatorOf({ op, value: { type } }: Reduction): Accumulator {
  const isLarge = op === "max" || op === "argmax";
  const extreme = isLarge ? lowest[type] : highest[type];
  if (op === "argmax" || op === "argmin") {
    const name = isLarge ? "largest" : "smallest";
    const better = `value ${isLarge ? ">" : "<"} ${name}`;
    const nan = type === "f32" || type === "f64" ? ` || (value !== value && ${name} === ${name})` : "";
    return {
      start: [`let ${name} = ${extreme}, ${name}At = 0, position = 0;`],
      step: (value) => [
        `const value = ${value.text};`,
        `if (position === 0 || ${better}${nan}) { ${name} = value; ${name}At = position; }`,
        "position++;",
      ],
      result: atom(name),
      index: atom(`${name}At`),
    };
  }
  if (op === "sum" || op === "prod") {
    const name = op === "sum" ? "sum" : "product";
    const isSum = op === "sum";
    const start = type === "bool" ? String(!isSum) : `${isSum ? 0 : 1}${type === "i64" ? "n" : ""}`;
    const next = (value: Text): string => {
      // float32 is gathered in float64, as it is: rounded once, where the result is used.
      const inType: ScalarType = type === "f32" ? "f64" : type;
      const node = { op: isSum ? ("add" as const) : ("mul" as const), type: inType, value: 0 };
      const operand = { op: "const" as const, type: inType, args: [], value: 0 };
      return expressionText({ ...node, args: [operand, operand] }, [atom(name), value]).text;
    };
    const note = type === "f32" ? " // float64, rounded once" : "";
    return {
      start: [`let ${name} = ${start};${note}`],
      step: (value) => [`${name} = ${next(value)};`],
      result: type === "f32" ? call("fround", atom(name)) : atom(name),
    };
  }
  const name = isLarge ? "largest" : "smallest";
  const operand = { op: "const" as const, type, args: [], value: 0 };
  return {
    start: [`let ${name} = ${extreme};`],
    step: (value) => [
      `${name} = ${expressionText({ op, type, args: [operand, operand], value: 0 }, [atom(name), value]).text};`,
    ],
    result: atom(name),
  };
}
