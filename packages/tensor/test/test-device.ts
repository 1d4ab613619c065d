import type { DType } from "@anneal/kernel";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BufferRange, ConvSpec, MatrixView } from "../src/core/device.ts";
import { ReferenceDevice } from "../src/devices/reference/reference-device.ts";
import {
  bernoulli,
  cat,
  type Device,
  type DeviceBuffer,
  Generator,
  rand,
  randint,
  randn,
  randperm,
  scope,
  type Tensor,
  tensor,
  where,
} from "../src/index.ts";
import { type Dice, dice, randomNumbers, randomShape } from "./random.ts";

const floats: readonly DType[] = ["float32", "float64"];
const numbers: readonly DType[] = [...floats, "int32", "int64", "uint8"];
const all: readonly DType[] = [...numbers, "bool"];

/** Makes a tensor on the device under test or on the reference, whichever is computed now. */
type Make = (data: readonly number[], shape: readonly number[], dtype: DType) => Tensor;

/**
 * What every device must do, as the reference device does it: exactly, where IEEE says what is right (arithmetic, comparisons, casts, moves,
 * integers), else to a stated difference.
 *
 * @param name - for titles
 * @param makeDevice - the device to test; disposed of at the end
 */
export function testDevice(name: string, makeDevice: () => Device | Promise<Device>): void {
  describe(`${name}: a device`, () => {
    const reference = new ReferenceDevice();
    let device: Device;
    beforeAll(async () => {
      device = await makeDevice();
    });
    afterAll(() => device[Symbol.asyncDispose]());

    /** Run on both devices and compare every result. */
    const same = (run: (make: Make, on: Device) => Tensor | readonly Tensor[], what = "", rtol = 0): void => {
      const [got, want] = [device, reference].map((on) =>
        scope(() => {
          const result = run((data, shape, dtype) => tensor([...data], { dtype, device: on }).reshape(shape), on);
          return ("shape" in result ? [result] : result).map((each) => ({
            dtype: each.dtype,
            shape: [...each.shape],
            data: Array.from(each.dataSync(), Number),
          }));
        }),
      );
      expect(
        got?.map(({ dtype, shape }) => [dtype, shape]),
        what,
      ).toEqual(want?.map(({ dtype, shape }) => [dtype, shape]));
      got?.forEach(({ data }, k) => {
        expectNumbers(data, want?.[k]?.data ?? [], rtol, `${what}, result ${k}`);
      });
    };

    describe("memory", () => {
      it("reads what was written, at any offset, of any length", async () => {
        const { integer } = dice(1);
        for (const bytes of [0, 1, 3, 4, 63, 64, 65, 1000, 70_000]) {
          const buffer = device.allocate(bytes);
          expect(buffer.bytes).toBe(bytes);
          const data = Uint8Array.from({ length: bytes }, () => integer(0, 255));
          device.write(buffer, data);
          expect(await device.read(buffer, 0, bytes)).toEqual(data);
          const start = integer(0, bytes);
          const part = data.slice(start, integer(start, bytes));
          expect(await device.read(buffer, start, part.length)).toEqual(part);
          const patch = Uint8Array.from({ length: bytes - start }, () => integer(0, 255));
          device.write(buffer, patch, start);
          data.set(patch, start);
          expect(await device.read(buffer, 0, bytes)).toEqual(data);
          device.free(buffer);
        }
      });

      it("hands out a copy, which later writes leave alone", async () => {
        const buffer = device.allocate(4);
        device.write(buffer, Uint8Array.of(1, 2, 3, 4));
        const before = await device.read(buffer, 0, 4);
        device.write(buffer, Uint8Array.of(9, 9, 9, 9));
        expect(before).toEqual(Uint8Array.of(1, 2, 3, 4));
        before.fill(0);
        expect(await device.read(buffer, 0, 4)).toEqual(Uint8Array.of(9, 9, 9, 9));
        device.free(buffer);
      });

      it("keeps buffers apart, whatever is freed between", async () => {
        const { integer, unit } = dice(2);
        const live: { buffer: DeviceBuffer; mark: number }[] = [];
        for (let i = 0; i < 400; i++) {
          if (live.length > 0 && unit() < 0.4) {
            const [freed] = live.splice(integer(0, live.length - 1), 1);
            if (freed) device.free(freed.buffer);
          } else {
            const buffer = device.allocate(integer(1, 3000));
            device.write(buffer, new Uint8Array(buffer.bytes).fill(i % 251));
            live.push({ buffer, mark: i % 251 });
          }
        }
        for (const { buffer, mark } of live) {
          const bytes = await device.read(buffer, 0, buffer.bytes);
          expect(bytes.every((byte) => byte === mark)).toBe(true);
          device.free(buffer);
        }
      });

      it("uses freed memory again", () => {
        const use = () => {
          const buffers = [1000, 5000, 123_456].map((bytes) => device.allocate(bytes));
          for (const buffer of buffers) device.free(buffer);
        };
        use();
        const { reservedBytes } = device.info;
        for (let i = 0; i < 200; i++) use();
        expect(device.info.reservedBytes).toBe(reservedBytes);
      });

      it("says what it is", async () => {
        const { info } = device;
        expect(info.name).not.toBe("");
        expect(info.threads).toBeGreaterThanOrEqual(1);
        expect(info.dtypes.has("float32")).toBe(true);
        await device.wait();
      });
    });

    describe("storage", () => {
      it.each([...all, "float16"] as const)("keeps %s as it is, special numbers too", (dtype) => {
        const special = {
          float32: [NaN, Infinity, -Infinity, -0, 0, 2 ** -149, 16777217, 0.1],
          float16: [NaN, Infinity, -Infinity, -0, 0, 2 ** -24, 65504, 0.1, 1e6],
          float64: [NaN, Infinity, -Infinity, -0, 0, 5e-324, 2 ** 53 - 1, 0.1],
          int32: [-(2 ** 31), 2 ** 31 - 1, -1],
          int64: [-(2 ** 52), 2 ** 53 - 1, -1],
          uint8: [0, 255],
          bool: [0, 1],
        }[dtype as string] as number[];
        same((make) => {
          const x = make(special, [special.length], dtype);
          return [x, x.flip(0).clone(), x.reshape([special.length, 1]).expand([special.length, 3]).contiguous()];
        });
      });

      it("converts every dtype to every other", () => {
        const data = [0, 1, 2, 3.7, 200.5, 255, 0.49];
        for (const from of all) for (const to of all) same((make) => make(data, [7], from).to(to), `${from} to ${to}`);
        const signed = [-1, -3.7, -128.5, -0, -0.49];
        const signedTypes = all.filter((dtype) => dtype !== "uint8");
        for (const from of signedTypes) {
          for (const to of signedTypes) same((make) => make(signed, [5], from).to(to), `${from} to ${to}`);
        }
      });

      it("knows NaN, infinities and signed zeros in arithmetic", () => {
        const special = [NaN, Infinity, -Infinity, -0, 0, 1, -1, 2.5];
        const n = special.length;
        for (const dtype of floats) {
          same((make) => {
            const [a, b] = [make(special, [n, 1], dtype), make(special, [1, n], dtype)];
            return [
              ...[a.add(b), a.sub(b), a.mul(b), a.div(b), a.maximum(b), a.minimum(b)],
              ...[a.eq(b), a.ne(b), a.lt(b), a.le(b), a.gt(b), a.ge(b)],
              ...[a.neg(), a.abs(), a.sqrt(), a.floor(), a.ceil(), a.trunc(), a.sign(), a.isnan(), a.isfinite()],
              ...[a.relu(), a.clamp({ min: -1, max: 1 }), a.square(), a.reciprocal(), a.logicalNot()],
              where(a.gt(b), a, b),
            ];
          }, dtype);
        }
      });
    });

    describe("elementwise kernels", () => {
      it.each(Array.from({ length: 24 }, (_, seed) => seed))("chains over random views, %i", (seed) => {
        for (let i = 0; i < 20; i++) {
          const choices = 1000 * seed + i;
          same((make) => randomChain(dice(choices), make), `dice ${choices}`);
        }
      });

      it("agrees about functions to 4 ulp", () => {
        const { unit } = dice(3);
        const data = [...Array.from({ length: 501 }, () => unit() * 20 - 10), NaN, Infinity, -Infinity, 0, -0];
        const functions = (x: Tensor): Tensor[] => {
          const positive = x.abs();
          return [
            ...[x.exp(), x.tanh(), x.sigmoid(), x.sin(), x.cos(), x.erf(), x.gelu(), x.silu(), x.softplus(), x.elu()],
            ...[positive.log(), positive.log1p(), positive.pow(0.3), positive.rsqrt(), x.expm1(), x.atan(), x.sinh()],
          ];
        };
        same((make) => functions(make(data, [data.length], "float32")), "float32", 5e-7);
        same((make) => functions(make(data, [data.length], "float64")), "float64", 1e-14);
      });

      it("gives every length its right tail", () => {
        for (const dtype of all) {
          for (let n = 0; n <= 40; n++) {
            same((make) => {
              const x = make(randomNumbers(dice(n), n, dtype), [n], dtype);
              return [where(x.eq(1), x, 0).to(dtype), x.to("float32").mul(2)];
            }, `${dtype} ${n}`);
          }
        }
      });
    });

    describe("reductions", () => {
      const shapes = [[], [1], [7], [0], [3, 4], [1, 6], [5, 1], [2, 0, 3], [3, 4, 5], [2, 1, 3, 2], [2, 33], [33, 2]];
      it.each(all)("over every choice of dimensions, %s", (dtype) => {
        for (const shape of shapes) {
          for (const dims of subsets(shape.map((_, d) => d))) {
            const empty = dims.some((d) => shape[d] === 0);
            for (const keepdim of [false, true]) {
              const options = { keepdim };
              const data = randomNumbers(dice(shape.length), count(shape), dtype);
              const what = `${dtype} [${shape}] over [${dims}]`;
              if (dims.length === 0 && shape.length > 0) continue;
              same(
                (make) => {
                  const x = make(data, shape, dtype);
                  return [x.sum(dims, options), x.prod(dims, options), x.all(dims, options), x.any(dims, options)];
                },
                what,
                // Sums are taken in another order, and in float32 for a few terms at a time.
                dtype === "float32" ? 3e-6 : dtype === "float64" ? 1e-14 : 0,
              );
              if (!empty)
                same(
                  (make) => [
                    make(data, shape, dtype).amax(dims, options),
                    make(data, shape, dtype).amin(dims, options),
                  ],
                  what,
                );
            }
          }
        }
      });

      it("over views: transposed, sliced, flipped, broadcast, padded", () => {
        for (let i = 0; i < 60; i++) {
          same(
            (make) => {
              const choice = dice(100 + i);
              const x = randomView(choice, make(randomNumbers(choice, 60, "float32"), [3, 4, 5], "float32"));
              return x.ndim === 0 || x.numel === 0 ? x.sum() : [x.sum(0), x.sum(), x.sum(-1), x.amax(-1), x.argmax()];
            },
            `view ${i}`,
            5e-6,
          );
        }
      });

      it("chooses the first of equals, and NaN before all", () => {
        const data = [1, 3, 3, NaN, 2, NaN, -1, -1, 0, -0, 5, 5];
        for (const dtype of floats) {
          same((make) => {
            const x = make(data, [3, 4], dtype);
            const y = make([1, 1, 0, 0, -0, 0], [2, 3], dtype);
            return [x, x.T, y, y.T, y.flip(1)].flatMap((each) => [
              ...[each.argmax(), each.argmin(), each.argmax(0), each.argmin(1), each.amax(0), each.amin(1)],
              ...[each.max(1).values, each.max(1).indices, each.min(0).values, each.min(0).indices],
            ]);
          }, dtype);
        }
        same((make) => {
          const x = make([5, 7, 7, 5], [4], "int32");
          return [x.argmax(), x.argmin(), x.max(0).indices];
        });
      });

      it("runs along any dimension", () => {
        for (const dtype of numbers) {
          for (const shape of [[0], [1], [9], [3, 4], [2, 0], [2, 3, 4], [1, 5], [40, 3]]) {
            shape.forEach((_, dim) => {
              same(
                (make) => {
                  const x = make(randomNumbers(dice(dim), count(shape), dtype), shape, dtype);
                  return [x.cumsum(dim), x.flip(dim).cumsum(dim), x.transpose(0, -1).cumsum(dim)];
                },
                `${dtype} [${shape}] along ${dim}`,
                dtype === "float32" ? 3e-6 : 1e-12,
              );
            });
          }
        }
      });
    });

    describe("the matrix product", () => {
      const sizes = [0, 1, 2, 3, 5, 8, 17, 33];
      it.each(["float32", "float64", "int32"] as const)("of any sizes and strides, %s", (dtype) => {
        const choice = dice(5);
        for (let i = 0; i < 120; i++) {
          const [batch, m, n, k] = [choice.integer(1, 3), ...[0, 0, 0].map(() => choice.pick(sizes))] as [
            number,
            number,
            number,
            number,
          ];
          const [turnA, turnB, spreadA] = [choice.unit() < 0.5, choice.unit() < 0.5, choice.unit() < 0.3];
          const [a, b] = [randomNumbers(choice, batch * m * k, dtype), randomNumbers(choice, batch * k * n, dtype)];
          same(
            (make) => {
              const left = turnA ? make(a, [batch, k, m], dtype).transpose(1, 2) : make(a, [batch, m, k], dtype);
              const right = turnB ? make(b, [batch, n, k], dtype).transpose(1, 2) : make(b, [batch, k, n], dtype);
              const used = spreadA ? left.narrow(0, 0, 1).expand([batch, m, k]) : left;
              return [used.bmm(right), used.matmul(right.select(0, 0)), used.flip(1).bmm(right.flip([1, 2]))];
            },
            `${batch} x [${m}, ${k}] x [${k}, ${n}]${turnA ? " a turned" : ""}${turnB ? " b turned" : ""}`,
            dtype === "float32" ? 2e-6 : 1e-13,
          );
        }
      });

      it("into any place of a buffer, from any place of others", () => {
        const [m, n, k] = [3, 4, 5];
        const numbers = randomNumbers(dice(6), 100, "float32");
        const run = (on: Device): number[] => {
          const buffers = [100, 100, 100].map((length) => {
            const buffer = on.allocate(4 * length);
            on.write(buffer, new Uint8Array(Float32Array.from(numbers).buffer));
            return buffer;
          }) as [DeviceBuffer, DeviceBuffer, DeviceBuffer];
          const view = (buffer: DeviceBuffer, offset: number, strides: [number, number, number]): MatrixView => ({
            buffer,
            offset,
            strides,
          });
          // Every second column of a, b backwards from its end, c in columns with gaps.
          on.matmul({
            dtype: "float32",
            ...{ batch: 2, m, n, k },
            a: view(buffers[0], 7, [30, 10, 2]),
            b: view(buffers[1], 99, [-40, -8, -2]),
            c: view(buffers[2], 3, [48, 1, 6]),
          });
          const bytes = on.readSync?.(buffers[2], 0, 400) ?? new Uint8Array(400);
          for (const buffer of buffers) on.free(buffer);
          return Array.from(new Float32Array(bytes.buffer));
        };
        expectNumbers(run(device), run(reference), 2e-6, "matmul");
      });
    });

    describe("convolutions", () => {
      it.each(["forward", "inputGradient", "weightGradient"] as const)("of any geometry, %s", (kind) => {
        for (let i = 0; i < 90; i++) {
          const choice = dice(7000 + i);
          const dtype = i % 6 === 5 ? "float64" : "float32";
          const geometry = randomGeometry(choice);
          const arrays = arraysOf(geometry, choice);
          const [got, want] = [device, reference].map((on) => convolve(on, kind, dtype, geometry, arrays));
          expectNumbers(
            got ?? [],
            want ?? [],
            dtype === "float32" ? 4e-6 : 1e-12,
            `${kind} ${JSON.stringify(geometry)}`,
          );
        }
      });
    });

    describe("looking up and putting back", () => {
      it.each(all)("%s", (dtype) => {
        for (let i = 0; i < 25; i++) {
          const choice = dice(8000 + i);
          const shape = [choice.integer(1, 6), choice.integer(1, 5), choice.integer(1, 4)];
          const dim = choice.integer(0, 2);
          const size = shape[dim] as number;
          const indexShape = shape.map((each, d) => (d === dim ? choice.integer(0, 7) : choice.integer(1, each)));
          const index = Array.from({ length: count(indexShape) }, () => choice.integer(-size, size - 1));
          const list = Array.from({ length: choice.integer(0, 6) }, () => choice.integer(-size, size - 1));
          const data = randomNumbers(choice, count(shape), dtype);
          same((make, on) => {
            const x = make(data, shape, dtype);
            const at = make(index, indexShape, "int32");
            const places = make(list, [list.length], "int32");
            return [
              ...[x.gather(dim, at), x.indexSelect(dim, places), x.flip(dim).indexSelect(dim, places)],
              ...[x.take(tensor([0, -1], { dtype: "int32", device: on }))],
              x.index([null, null, null].map((_, d) => (d === dim ? places : null))),
            ];
          }, `${dtype} ${i}`);
          if (dtype === "bool") continue;
          same(
            (make) => {
              const x = make(data, shape, dtype);
              const at = make(index, indexShape, "int32");
              return x.scatterAdd(dim, at, make(randomNumbers(dice(i), count(indexShape), dtype), indexShape, dtype));
            },
            `${dtype} ${i}`,
            dtype === "float32" ? 1e-6 : 1e-14,
          );
        }
      });
    });

    it.each(all)("sorts %s, stable, NaN as the largest", (dtype) => {
      for (const [rows, length] of [
        [1, 1],
        [3, 7],
        [2, 100],
        [4, 0],
        [1, 1000],
      ] as const) {
        const data = randomNumbers(dice(rows), rows * length, dtype, { special: true });
        same((make) => {
          const x = make(data, [rows, length], dtype);
          const [up, down, columns] = [x.sort(), x.sort(-1, { descending: true }), x.T.sort(0)];
          const best = x.topk(Math.min(3, length));
          return [up, down, columns, best].flatMap(({ values, indices }) => [values, indices]);
        }, `${dtype} [${rows}, ${length}]`);
      }
    });

    it("puts tensors together, whatever their views", () => {
      for (const dtype of all) {
        same((make) => {
          const x = make(randomNumbers(dice(9), 24, dtype), [2, 3, 4], dtype);
          return [
            ...[cat([x, x.flip(0)]), cat([x, x.narrow(1, 1, 2)], 1), cat([x.transpose(0, 2), x.transpose(0, 2)], -1)],
            cat([x.narrow(0, 0, 0), x]),
          ];
        }, dtype);
      }
    });

    it("draws the same random numbers", () => {
      for (const shape of [[0], [1], [5], [1000], [33, 7]]) {
        same((_, on) => {
          const options = { device: on, generator: new Generator(123) };
          const wide = { ...options, dtype: "float64" as const };
          return [
            ...[rand(shape, options), rand(shape, wide), randint(-5, 1000, shape, options)],
            ...[
              bernoulli(0.3, shape, options),
              bernoulli(0.5, shape, { ...options, dtype: "bool" }),
              randperm(count(shape), options),
            ],
          ];
        }, `[${shape}]`);
        // Normal numbers take a logarithm and a cosine.
        same((_, on) => randn(shape, { device: on, generator: new Generator(5) }), `[${shape}]`, 2e-6);
      }
    });
  });
}

const count = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

function subsets(items: readonly number[]): number[][] {
  const sets: number[][] = [[]];
  for (const item of items) sets.push(...sets.map((set) => [...set, item]));
  return sets;
}

/** Same NaN, same sign of zero; equal, or within `rtol` of the largest number of all. */
function expectNumbers(got: readonly number[], want: readonly number[], rtol: number, what: string): void {
  expect(got.length, what).toBe(want.length);
  const largest = want.reduce((most, each) => (Number.isFinite(each) ? Math.max(most, Math.abs(each)) : most), 1);
  const wrong = want.flatMap((w, i) => {
    const g = got[i] as number;
    const near = Object.is(g, w) || (rtol > 0 && Math.abs(g - w) <= rtol * largest);
    return near ? [] : [`[${i}] ${Object.is(g, -0) ? "-0" : g} instead of ${Object.is(w, -0) ? "-0" : w}`];
  });
  expect(wrong.slice(0, 6), `${what}: ${wrong.length} of ${want.length} are off`).toEqual([]);
}

/** `x` through a few views that cost nothing, padding among them. */
function randomView({ integer, pick, shuffled, unit }: Dice, x: Tensor): Tensor {
  let y = x;
  for (let i = integer(0, 4); i > 0; i--) {
    const dim = y.ndim > 0 ? integer(0, y.ndim - 1) : 0;
    switch (pick(["permute", "slice", "flip", "expand", "pad", "reshape", "select", "unfold"] as const)) {
      case "permute":
        y = y.permute(shuffled(y.shape.map((_, d) => d)));
        break;
      case "slice":
        if (y.ndim > 0)
          y = y.slice([...new Array<null>(dim).fill(null), [integer(0, 1), null, pick([1, 2, 3, -1, -2])]]);
        break;
      case "flip":
        if (y.ndim > 0) y = y.flip(dim);
        break;
      case "expand":
        if (y.numel < 200) y = y.expand([integer(1, 2), ...y.shape]);
        break;
      case "pad":
        if (y.ndim > 0 && y.numel < 200) y = y.pad([integer(0, 2), integer(0, 2)]);
        break;
      case "reshape":
        y = unit() < 0.5 ? y.reshape([-1]) : y.reshape([y.numel, 1]);
        break;
      case "select":
        if (y.ndim > 1 && (y.shape[dim] as number) > 0) y = y.select(dim, 0);
        break;
      case "unfold":
        if (y.ndim > 0 && y.ndim < 4 && (y.shape[dim] as number) >= 2 && y.numel < 100) y = y.unfold(dim, 2, 1);
    }
  }
  return y;
}

/** A few elementwise ops, exact on every device, over views of a few tensors of one shape. */
function randomChain(choice: Dice, make: Make): Tensor[] {
  const { integer, pick, unit } = choice;
  const shape = randomShape(choice, 4, 5);
  const source = (): Tensor => {
    const dtype = pick(all);
    const kept = shape.map((size) => (unit() < 0.25 ? 1 : size)).slice(unit() < 0.2 ? integer(0, shape.length) : 0);
    const x = make(randomNumbers(choice, count(kept), dtype, { special: true }), kept, dtype);
    const turned = x.ndim > 1 && unit() < 0.5 ? x.transpose(0, -1).clone().transpose(0, -1) : x;
    return turned.ndim > 0 && unit() < 0.3 ? turned.flip(integer(0, turned.ndim - 1)) : turned;
  };
  const made = [source(), source()];
  for (let i = integer(1, 7); i > 0; i--) {
    const a = pick(made);
    const b = unit() < 0.2 ? source() : pick(made);
    const [x, y] = [a, b].map((each) => (each.dtype === "bool" ? each.to("int32") : each)) as [Tensor, Tensor];
    const next = [
      () => x.add(y),
      () => x.sub(y),
      () => x.mul(y),
      () => x.maximum(y),
      () => x.minimum(y),
      () => where(a.lt(b), a, b),
      () => a.eq(b),
      () => a.ge(b).logicalOr(a.ne(b)),
      () => x.abs().to("float32").sqrt(),
      () => x.to("float32").div(y.to("float32")),
      () => x.to("float64").floor(),
      () => x.clamp({ min: -2, max: 100 }),
      () => a.clone(),
    ];
    made.push(pick(next)());
  }
  const last = made.at(-1) as Tensor;
  return [last, randomView(choice, last)];
}

type Geometry = Omit<ConvSpec, "kind" | "dtype" | "input" | "weight" | "output">;

function randomGeometry({ integer, pick }: Dice): Geometry {
  const groups = pick([1, 1, 1, 2, 3]);
  const pair = (low: number, high: number): [number, number] => [integer(low, high), integer(low, high)];
  const [kernel, stride, dilation, padding] = [
    pair(1, 4),
    pick([[1, 1], pair(1, 3)]),
    pick([[1, 1], pair(1, 2)]),
    pair(0, 3),
  ] as [number, number][];
  const [kh, kw] = kernel as [number, number];
  const [reachY, reachX] = [(dilation?.[0] as number) * (kh - 1) + 1, (dilation?.[1] as number) * (kw - 1) + 1];
  const [py, px] = padding as [number, number];
  const [height, width] = [Math.max(reachY - 2 * py, 1) + integer(0, 9), Math.max(reachX - 2 * px, 1) + integer(0, 20)];
  return {
    n: integer(1, 3),
    groups,
    inChannels: groups * integer(1, 5),
    outChannels: groups * integer(1, 9),
    height,
    width,
    kernel: [kh, kw],
    stride: stride as [number, number],
    dilation: dilation as [number, number],
    padding: [py, px],
    outHeight: Math.floor((height + 2 * py - reachY) / (stride?.[0] as number)) + 1,
    outWidth: Math.floor((width + 2 * px - reachX) / (stride?.[1] as number)) + 1,
  };
}

const sizesOf = ({ n, groups, inChannels, outChannels, height, width, kernel, outHeight, outWidth }: Geometry) => ({
  input: n * inChannels * height * width,
  weight: (outChannels * inChannels * kernel[0] * kernel[1]) / groups,
  output: n * outChannels * outHeight * outWidth,
});

function arraysOf(geometry: Geometry, choice: Dice) {
  const sizes = sizesOf(geometry);
  const make = (length: number) => Float32Array.from(randomNumbers(choice, length, "float32"));
  return { input: make(sizes.input), weight: make(sizes.weight), output: make(sizes.output) };
}

/** The map's result, its operands lying a few elements into their buffers. */
function convolve(
  on: Device,
  kind: ConvSpec["kind"],
  dtype: "float32" | "float64",
  geometry: Geometry,
  arrays: ReturnType<typeof arraysOf>,
): number[] {
  const bytes = dtype === "float32" ? 4 : 8;
  const place = (data: Float32Array, offset: number): BufferRange => {
    const padded = new (dtype === "float32" ? Float32Array : Float64Array)(data.length + offset);
    padded.set(data, offset);
    const buffer = on.allocate(padded.byteLength);
    on.write(buffer, new Uint8Array(padded.buffer));
    return { buffer, offset };
  };
  const ranges = { input: place(arrays.input, 1), weight: place(arrays.weight, 2), output: place(arrays.output, 3) };
  on.conv({ kind, dtype, ...geometry, ...ranges });
  const target = { forward: "output", inputGradient: "input", weightGradient: "weight" }[kind] as keyof typeof ranges;
  const { buffer, offset } = ranges[target];
  const read = on.readSync?.(buffer, offset * bytes, sizesOf(geometry)[target] * bytes) ?? new Uint8Array(0);
  for (const range of Object.values(ranges)) on.free(range.buffer);
  return Array.from(dtype === "float32" ? new Float32Array(read.buffer) : new Float64Array(read.buffer));
}
