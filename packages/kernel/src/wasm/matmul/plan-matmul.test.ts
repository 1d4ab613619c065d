import { describe, expect, it } from "vitest";
import { hasRelaxedMadd } from "../features.ts";
import { PlanRunner } from "../run-plan.ts";
import type { ElementType } from "./element.ts";
import { type MatmulSpec, planMatmul } from "./plan-matmul.ts";

type Strides = readonly [number, number, number];

interface Case {
  readonly batch?: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a?: Strides;
  readonly b?: Strides;
  readonly c?: Strides;
  readonly accumulate?: boolean;
}

const arrays = { float32: Float32Array, float64: Float64Array, int32: Int32Array } as const;

let state = 1;
/** Uniform in [-1, 1), or small integers. */
function random(type: ElementType): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return type === "int32" ? (state >>> 20) - 2048 : state / 2 ** 31 - 1;
}

/** Elements before and after the first that strides reach. */
function reach(sizes: Strides, strides: Strides): { before: number; length: number } {
  let [low, high] = [0, 0];
  for (const [i, size] of sizes.entries()) {
    const last = (strides[i] as number) * Math.max(0, size - 1);
    if (last < 0) low += last;
    else high += last;
  }
  return { before: -low, length: high - low + 1 };
}

function check(
  type: ElementType,
  runner: PlanRunner,
  test: Case,
  cuts?: (items: number) => readonly number[],
): Float32Array | Float64Array | Int32Array {
  const { batch = 1, m, n, k, accumulate = false } = test;
  const { a = [m * k, k, 1], b = [k * n, n, 1], c = [m * n, n, 1] } = test;
  const TypedArray = arrays[type];
  const place = (sizes: Strides, strides: Strides) => {
    const { before, length } = reach(sizes, strides);
    const values = new TypedArray(length).map(() => random(type));
    return { values, before, address: runner.place(values) + before * values.BYTES_PER_ELEMENT };
  };
  const [A, B, C] = [place([batch, m, k], a), place([batch, k, n], b), place([batch, m, n], c)];
  const spec: MatmulSpec = {
    dtype: type,
    batch,
    m,
    n,
    k,
    a: { address: A.address, strides: a },
    b: { address: B.address, strides: b },
    c: { address: C.address, strides: c },
    accumulate,
  };
  runner.run(planMatmul(spec, { relaxedMadd: runner.target.relaxedMadd }), cuts ? { cuts } : {});
  const found = new TypedArray(
    runner.memory.buffer,
    C.address - C.before * C.values.BYTES_PER_ELEMENT,
    C.values.length,
  ).slice();
  if (cuts) return found; // compared with the uncut one, which has been checked
  // Elements of C no index reaches must keep their values.
  const expected = Float64Array.from(C.values);
  const unit = type === "float64" ? 2 ** -53 : type === "float32" ? 2 ** -24 : 0;
  const bound = new Float64Array(C.values.length);
  for (let z = 0; z < batch; z++)
    for (let i = 0; i < m; i++)
      for (let j = 0; j < n; j++) {
        const at = C.before + z * c[0] + i * c[1] + j * c[2];
        let [sum, size] = accumulate ? [C.values[at] as number, Math.abs(C.values[at] as number)] : [0, 0];
        for (let p = 0; p < k; p++) {
          const x = A.values[A.before + z * a[0] + i * a[1] + p * a[2]] as number;
          const y = B.values[B.before + z * b[0] + p * b[1] + j * b[2]] as number;
          sum += x * y;
          size += Math.abs(x * y);
        }
        expected[at] = type === "int32" ? sum | 0 : sum;
        // Each of at most k + 2 roundings is off by half a unit of a partial sum, which is never above the sum of magnitudes; the
        // float64 loop here rounds as much itself.
        bound[at] = (k + 2) * unit * size * (type === "float64" ? 2 : 1.01);
      }
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs((found[i] as number) - (expected[i] as number));
    if (!(error <= (bound[i] as number))) {
      throw new Error(
        `${JSON.stringify(test)}: element ${i} is ${found[i]}, expected ${expected[i]} within ${bound[i]}`,
      );
    }
  }
  return found;
}

const sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 16, 17, 23];

const shaped: Case[] = [
  ...[0, 1, 2, 5, 16, 257].flatMap((k) => sizes.flatMap((m) => sizes.map((n) => ({ m, n, k })))),
  ...[50, 100, 171].flatMap((m) => [8, 30, 165, 200].map((n) => ({ m, n, k: 33 }))),
  { m: 97, n: 401, k: 700 },
  { m: 300, n: 170, k: 515 },
];

/** The same product with its operands lying in memory in other ways. */
function layouts({ m, n, k, batch = 3 }: Case): Case[] {
  const as: Strides[] = [
    [m * k, k, 1],
    [m * k, 1, m],
    [0, k, 1],
    [0, 1, m],
    [m * k * 2, 2 * k, 2],
    [k, batch * k, 1],
    [m * k, -k, -1],
    [1, 0, 0],
    [0, 0, 1],
  ];
  const bs: Strides[] = [
    [n * k, n, 1],
    [n * k, 1, k],
    [0, n, 1],
    [0, 1, k],
    [n * k * 3, 3 * n, 3],
    [n, batch * n, 1],
    [n * k, -1, -k],
    [0, 1, 0],
  ];
  const cs: Strides[] = [
    [m * n, n, 1],
    [m * n, 1, m],
    [n, batch * n, 1],
    [m * n * 2, 2 * n, 2],
    [m * (n + 3), n + 3, 1],
  ];
  const cases: Case[] = [];
  for (const [i, a] of as.entries()) {
    for (const [j, b] of bs.entries()) {
      const c = cs[(i + j) % cs.length] as Strides;
      cases.push({ m, n, k, batch, a, b, c, accumulate: (i + 2 * j) % 3 === 0 });
    }
  }
  return cases;
}

const shapesOfLayouts: Case[] = [
  { m: 7, n: 9, k: 5 },
  { m: 1, n: 19, k: 12 },
  { m: 19, n: 1, k: 12 },
  { m: 50, n: 20, k: 41, batch: 2 },
  { m: 20, n: 170, k: 18, batch: 1 },
  { m: 66, n: 168, k: 270, batch: 1 },
];

for (const relaxedMadd of hasRelaxedMadd() ? [true, false] : [false]) {
  for (const shared of [false, true]) {
    describe(`planMatmul, ${relaxedMadd ? "relaxed madd" : "mul and add"}, ${shared ? "shared" : "unshared"} memory`, () => {
      const runner = () => new PlanRunner({ bytes: 1 << 27, shared, relaxedMadd });

      it("multiplies matrices of any size as plain loops do", () => {
        const r = runner();
        for (const [i, test] of shaped.entries()) if (!shared || i % 5 === 0) check("float32", r, test);
      });

      it("reads and writes through any strides", () => {
        const r = runner();
        const shapes = shared ? shapesOfLayouts.slice(0, 3) : shapesOfLayouts;
        for (const shape of shapes) for (const test of layouts(shape)) check("float32", r, test);
      });

      it("gives the same bits however the work is cut", () => {
        const tests: Case[] = [
          { m: 100, n: 70, k: 300 },
          { m: 20, n: 300, k: 40, accumulate: true },
          { m: 30, n: 31, k: 70, batch: 9, a: [2100, 1, 30] },
          { m: 1, n: 1500, k: 333 },
          { m: 1500, n: 1, k: 333 },
        ];
        const r = runner();
        for (const test of tests) {
          state = 7;
          const once = check("float32", r, test);
          for (const cuts of [(items: number) => [0, items >> 1, items], each]) {
            state = 7;
            expect(check("float32", r, test, cuts)).toEqual(once);
          }
        }
      });

      it.each(["float64", "int32"] as const)("multiplies %s", (type) => {
        const r = runner();
        for (const [i, test] of shaped.entries()) if (i % 7 === 0) check(type, r, test);
        for (const shape of shapesOfLayouts.slice(0, 4)) for (const test of layouts(shape)) check(type, r, test);
      });
    });
  }
}

const each = (items: number) => Array.from({ length: items + 1 }, (_, i) => i);

describe("planMatmul", () => {
  it("has nothing to do for no elements", () => {
    const view = { address: 0, strides: [0, 0, 0] } as const;
    const plan = planMatmul({ batch: 1, m: 0, n: 3, k: 2, a: view, b: view, c: view });
    expect(plan.scratchBytes).toBe(0);
    expect(plan.steps(0)).toEqual([]);
  });

  it("wraps int32 around as Math.imul does", () => {
    const runner = new PlanRunner({ bytes: 4096 });
    const [a, b, c] = [
      runner.place(Int32Array.of(2 ** 31 - 1, 3)),
      runner.place(Int32Array.of(5, 7)),
      runner.allocate(4),
    ];
    const view = (address: number) => ({ address, strides: [2, 2, 1] }) as const;
    runner.run(
      planMatmul({
        dtype: "int32",
        batch: 1,
        m: 1,
        n: 1,
        k: 2,
        a: view(a),
        b: { address: b, strides: [2, 1, 2] },
        c: view(c),
      }),
    );
    expect(new Int32Array(runner.memory.buffer, c, 1)[0]).toBe((Math.imul(2 ** 31 - 1, 5) + 21) | 0);
  });
});
