import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testDevice } from "../../test/test-device.ts";
import { arange, type Device, Generator, rand, randn, scope, type Tensor, tensor, wasm } from "../index.ts";
import { reference } from "../reference.ts";

testDevice("wasm, one thread", () => wasm({ threads: 1 }));
testDevice("wasm, three threads", () => wasm({ threads: 3 }));
testDevice("reference", reference);

describe("work that threads share gives the same bits as one thread", () => {
  let devices: readonly Device[] = [];
  beforeAll(async () => {
    devices = [await wasm({ threads: 1 }), await wasm({ threads: 3 })];
  });
  afterAll(() => Promise.all(devices.map((device) => device[Symbol.asyncDispose]())));

  /** A length that no chunk divides. */
  const size = 1_500_007;
  const normal = (device: Device, shape: readonly number[], seed = 7): Tensor =>
    randn(shape, { device, generator: new Generator(seed) });

  const cases: Readonly<Record<string, (device: Device) => Tensor | readonly Tensor[]>> = {
    "random numbers": (device) => [
      normal(device, [size]),
      rand([size], { device, generator: new Generator(3), dtype: "float64" }),
    ],
    "an elementwise chain": (device) => {
      const x = normal(device, [size]);
      return x.mul(2).add(1).tanh().sub(x).relu();
    },
    "an update in place, again and again": (device) => {
      const x = normal(device, [size]);
      for (let i = 0; i < 5; i++) x.mul_(0.9).add_(i).realize();
      return x;
    },
    "views: flipped, sliced, broadcast": (device) => {
      const x = normal(device, [1201, 1301]);
      return [x.T.add(0), x.flip(1).mul(x.narrow(0, 3, 1)), x.slice([[0, null, 3]]).clone(), x.pad([3, 5, 1, 0])];
    },
    "sums, of all, of rows, of columns": (device) => {
      const x = normal(device, [1201, 1301]);
      return [
        x.sum(),
        x.sum(0),
        x.sum(1),
        x.mean(),
        x.var(0),
        x.logsumexp(1),
        x.narrow(0, 0, 1200).reshape([-1, 12]).sum(0),
      ];
    },
    "extremes and where they are": (device) => {
      const x = normal(device, [1201, 1301]);
      return [x.amax(), x.argmax(), x.argmax(0), x.argmin(1), x.amin(0), x.gt(3).any(1), x.gt(-9).all()];
    },
    "running sums": (device) => [normal(device, [1201, 1301]).cumsum(0), normal(device, [size]).cumsum(0)],
    "a matrix product": (device) => {
      const a = normal(device, [333, 517]);
      const b = normal(device, [517, 421], 8);
      return [
        a.matmul(b),
        a.T.matmul(a),
        a.matmul(b.select(1, 0)),
        normal(device, [40, 60, 70]).bmm(normal(device, [40, 70, 50])),
      ];
    },
    "a convolution and its gradients": (device) => {
      const x = normal(device, [6, 8, 40, 40]);
      const weight = normal(device, [20, 8, 3, 3], 8);
      x.requiresGrad = weight.requiresGrad = true;
      const y = x.conv2d(weight, { padding: 1 });
      y.square().sum().backward();
      return [y.detach(), x.grad as Tensor, weight.grad as Tensor, x.detach().conv2d(weight.detach(), { stride: 2 })];
    },
    "looking up and adding up": (device) => {
      const x = normal(device, [5000, 64]);
      const places = normal(device, [20_000], 9).mul(1000).abs().clamp({ max: 4999 }).to("int32");
      const taken = x.indexSelect(0, places);
      const at = places.reshape([-1, 1]).expand([20_000, 64]);
      return [
        taken,
        x.scatterAdd(0, at, taken),
        tensor([0], { device }).expand([5000]).scatterAdd(0, places, taken.select(1, 3)),
      ];
    },
    "integers and bools": (device) => {
      const x = arange(size, { device });
      return [x.mul(x).sub(7), x.gt(1000).logicalAnd(x.lt(size - 5)), x.to("uint8"), x.sum(), x.to("int64").sum()];
    },
    softmax: (device) => normal(device, [1201, 1301]).softmax(-1),
  };

  it.each(Object.entries(cases))("%s", (_, run) => {
    const [one, three] = devices.map((device) =>
      scope(() => {
        const result = run(device);
        return ("shape" in result ? [result] : result).map((each) => each.dataSync());
      }),
    );
    one?.forEach((data, k) => {
      const other = three?.[k];
      expect(other?.length).toBe(data.length);
      const differs = data.findIndex((x, i) => !Object.is(x, other?.[i]));
      expect(differs, `result ${k}: ${data[differs]} and ${other?.[differs]}`).toBe(-1);
    });
  });

  it("is really shared", () => {
    expect(devices.map(({ info }) => info.threads)).toEqual([1, 3]);
  });
});
