import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OptionError } from "../options/option-error.ts";
import { onnxGraph } from "./onnx-graph.ts";

interface Recorded {
  readonly file: string;
  readonly nodes: readonly { name: string; op: string; input: readonly string[] }[];
}

// Recorded from onnx 1.23.2 and tensorboardX 2.6.5 by reference/onnx_graph.py.
const files: Record<string, Recorded> = JSON.parse(
  readFileSync(new URL("../../reference/onnx_graph.json", import.meta.url), "utf8"),
);
const bytesOf = (name: string) => new Uint8Array(Buffer.from(files[name]?.file ?? "", "base64"));
const graphOf = (name: string) => onnxGraph(bytesOf(name)).node;

/** `name = op(inputs) attributes`, a line each. */
const lines = (name: string) =>
  graphOf(name).map((each) => `${each.name} = ${each.op}(${each.input.join(", ")}) ${JSON.stringify(each.attr)}`);

describe("the graph of an ONNX file", () => {
  it.each(Object.entries(files))(
    "has the nodes and edges that PyTorch's has, and what it loses: %s",
    (name, { nodes }) => {
      const ours = graphOf(name);
      const weights = ours.filter(({ op }) => op === "Initializer").map((each) => each.name);
      const plain = (text: string) => text.replace(/^\//, "").replace(/:\d+$/, "");
      for (const { name: theirName, op, input } of nodes) {
        const own = ours.find((each) => each.name === plain(theirName));
        // There an output is a second node of the name of the op that makes it, and weights may be inputs.
        const isKnown = op === "Variable" && (weights.includes(theirName) || own?.op !== "Variable");
        if (isKnown) continue;
        expect(own?.op).toBe(op);
        expect(own?.input.map((each) => (each === "left:1" ? "right" : plain(each)))).toEqual(input.map(plain));
      }
      expect(new Set(ours.map((each) => each.name)).size).toBe(ours.length);
    },
  );

  it("draws weights, second outputs and names that begin with a slash, and tells attributes, shapes and dtypes", () => {
    // What reference/onnx_graph.py puts into the file, read by a person.
    expect(lines("branches")).toMatchInlineSnapshot(`
      [
        "x = Variable() {"_output_shapes":{"shapes":[[-1,3,8,8]]},"dtype":{"type":1},"shape":{"shape":[-1,3,8,8]}}",
        "w = Initializer() {"_output_shapes":{"shapes":[[4,3,3,3]]},"dtype":{"type":1},"shape":{"shape":[4,3,3,3]}}",
        "b = Initializer() {"_output_shapes":{"shapes":[[4]]},"dtype":{"type":1},"shape":{"shape":[4]}}",
        "conv/Conv_output_0 = Conv(x, w, b) {"parameters":{"s":"auto_pad = \\"NOTSET\\", kernel_shape = [3, 3], pads = [1, 1, 1, 1]"}}",
        "y = LeakyRelu(conv/Conv_output_0) {"parameters":{"s":"alpha = 0.25"}}",
        "left = Split(y) {"parameters":{"s":"axis = 1, num_outputs = 2"}}",
        "sum = Add(left, left:1) {"_output_shapes":{"shapes":[[-1,2,8,8]]},"dtype":{"type":1}}",
      ]
    `);
    expect(lines("weights among the inputs")).toMatchInlineSnapshot(`
      [
        "i = Variable() {"_output_shapes":{"shapes":[[2,3]]},"dtype":{"type":19},"shape":{"shape":[2,3]}}",
        "w = Initializer() {"_output_shapes":{"shapes":[[3,5]]},"dtype":{"type":1},"shape":{"shape":[3,5]}}",
        "c = Constant() {"parameters":{"s":"value = tensor [2, 5]"}}",
        "p = MatMul(i, w) {}",
        "out = Add(p, c) {"_output_shapes":{"shapes":[[2,5]]},"dtype":{"type":1}}",
      ]
    `);
  });

  it("has no edges to what is not there", () => {
    for (const name of Object.keys(files)) {
      const names = new Set(graphOf(name).map((each) => each.name));
      for (const { input } of graphOf(name)) {
        for (const each of input) expect(names).toContain(each.replace(/:\d+$/, ""));
      }
    }
  });

  it("says what is no ONNX file", () => {
    expect(() => onnxGraph(new TextEncoder().encode("not a model"))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addOnnxGraph: this is no ONNX file: Unimplemented type: 6. Give what the exporter wrote, whole.]`,
    );
    expect(() => onnxGraph(new Uint8Array(0))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addOnnxGraph: there is no graph in the file. Give a model in the ONNX format.]`,
    );
    expect(() => onnxGraph(bytesOf("branches").slice(0, 100))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addOnnxGraph: this is no ONNX file: a length reaches 692 bytes beyond the record. Give what the exporter wrote, whole.]`,
    );
  });

  it("throws nothing else, whatever the file is", () => {
    const good = bytesOf("branches");
    const damaged = fc
      .array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 4 })
      .map((changes) => changes.reduce((bytes, [at, value]) => bytes.with(at, value), good));
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 60 })), (bytes) => {
        try {
          onnxGraph(Uint8Array.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(OptionError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
