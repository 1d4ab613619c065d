import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keep, memory, openScope, scope, type Tensor, tensor, zeros } from "../index.ts";

let before = memory();
const made: Tensor[] = [];
/** A tensor in memory. */
const make = (): Tensor => {
  const x = tensor([1, 2, 3]);
  made.push(x);
  return x;
};

beforeEach(() => {
  before = memory();
});
afterEach(() => {
  for (const x of made.splice(0)) x.dispose();
  expect(memory().tensors).toBe(before.tensors);
  expect(memory().bytes).toBe(before.bytes);
});

describe("scope", () => {
  it("frees what was made inside and gives out what is returned", () => {
    let inside: Tensor | undefined;
    const result = scope(() => {
      inside = make();
      return inside.mul(2).add(make());
    });
    made.push(result);
    expect(inside?.isFreed).toBe(true);
    expect(result.arraySync()).toEqual([3, 6, 9]);
    expect(memory().tensors).toBe(before.tensors + 1);
  });

  it("leaves what was there before alone, whatever is done with it", () => {
    const x = make();
    scope(() => {
      x.add_(1).reshape([3, 1]).sum();
    });
    expect(x.arraySync()).toEqual([2, 3, 4]);
  });

  it.each<[string, (x: Tensor) => unknown]>([
    ["an array", (x) => [1, x]],
    ["an object", (x) => ({ name: "x", x })],
    ["objects in arrays in objects", (x) => ({ list: [{ deep: { x } }, null] })],
    ["a Map", (x) => new Map([["x", x]])],
    ["the keys of a Map", (x) => new Map([[x, "x"]])],
    ["a Set", (x) => new Set([x])],
    ["an object without a prototype", (x) => Object.assign(Object.create(null), { x })],
  ])("finds tensors in %s", (_, wrap) => {
    const x = make();
    const [kept, other] = scope(() => {
      const [kept, other] = [make(), make()];
      return [wrap(kept), () => [kept, other]] as const;
    })[1]() as [Tensor, Tensor];
    expect(kept.isFreed).toBe(false);
    expect(other.isFreed).toBe(true);
    expect(x.isFreed).toBe(false);
  });

  it("takes circles and things that are no tensors", () => {
    const circle: { self?: unknown; x?: Tensor } = {};
    scope(() => {
      circle.self = circle;
      circle.x = make();
      return circle;
    });
    expect(circle.x?.isFreed).toBe(false);
    expect(scope(() => 7)).toBe(7);
    expect(scope(() => null)).toBe(null);
    expect(scope(() => "text")).toBe("text");
  });

  it("nests: what an inner scope gives out belongs to the outer one", () => {
    let [inner, outer] = [null, null] as (Tensor | null)[];
    const result = scope(() => {
      outer = scope(() => {
        inner = make();
        return inner.neg();
      });
      expect(inner?.isFreed).toBe(true);
      expect(outer?.isFreed).toBe(false);
      return outer?.abs() as Tensor;
    });
    made.push(result);
    expect(outer?.isFreed).toBe(true);
    expect(result.arraySync()).toEqual([1, 2, 3]);
  });

  it("frees all when the body throws, and passes the error on", () => {
    const error = new Error("mine");
    expect(() =>
      scope(() => {
        make();
        throw error;
      }),
    ).toThrow(error);
    expect(made[0]?.isFreed).toBe(true);
    // The scope is left: what is made now belongs to nobody.
    const later = make();
    scope(() => {});
    expect(later.isFreed).toBe(false);
  });

  it("lasts until the promise of an async body settles", async () => {
    let inside: Tensor | undefined;
    const pending = scope(async () => {
      inside = make();
      await new Promise((resolve) => setTimeout(resolve, 1));
      const later = make();
      return { sum: inside.add(later) };
    });
    expect(inside?.isFreed).toBe(false);
    const { sum } = await pending;
    made.push(sum);
    expect(made.slice(0, 2).map(({ isFreed }) => isFreed)).toEqual([true, true]);
    expect(sum.arraySync()).toEqual([2, 4, 6]);
  });

  it("frees all when the promise is rejected, and passes the error on", async () => {
    const error = new Error("mine");
    const failing = scope(async () => {
      make();
      await null;
      throw error;
    });
    await expect(failing).rejects.toBe(error);
    expect(made[0]?.isFreed).toBe(true);
  });

  it("says what is wrong when two overlap in time without nesting", async () => {
    const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    const first = scope(async () => {
      await sleep(2);
    });
    const second = scope(async () => {
      await sleep(6);
    });
    await expect(first).rejects.toThrowErrorMatchingInlineSnapshot(
      `[Error: scope: two of them overlap in time without nesting, so each was in force during the other's work. Await one before you start the next, or run the work that overlaps in a worker of its own.]`,
    );
    await second;
    // Both are left.
    const later = make();
    expect(later.scope).toBe(null);
  });
});

describe("openScope", () => {
  it("frees at the end of a using block, and once", () => {
    {
      using _ = openScope();
      make();
    }
    expect(made[0]?.isFreed).toBe(true);
    const guard = openScope();
    const x = make();
    guard.close();
    guard.close();
    expect(x.isFreed).toBe(true);
  });
});

describe("keep", () => {
  it("takes tensors out of their scopes, however deep they lie", () => {
    const { a, b } = { a: [] as Tensor[], b: [] as Tensor[] };
    scope(() => {
      scope(() => {
        a.push(keep(make()));
        keep({ list: [b] });
        b.push(make());
        keep({ list: [b] });
      });
    });
    expect([...a, ...b].map(({ isFreed }) => isFreed)).toEqual([false, false]);
    expect(keep(7)).toBe(7);
  });

  it("does not stop dispose()", () => {
    const x = scope(() => keep(make()));
    x.dispose();
    expect(x.isFreed).toBe(true);
  });
});

describe("dispose", () => {
  it("frees at once, harmless the second time, and views live on", () => {
    const x = make();
    const part = x.narrow(0, 1, 2);
    made.push(part);
    const { bytes } = memory();
    x.dispose();
    x.dispose();
    expect(memory().bytes).toBe(bytes);
    expect(part.arraySync()).toEqual([2, 3]);
    part.dispose();
    expect(memory().bytes).toBe(bytes - 12);
  });

  it("leaves what is still to be computed from it right", () => {
    const x = make();
    const y = x.mul(2);
    made.push(y);
    x.dispose();
    zeros([3]).realize().dispose();
    expect(y.arraySync()).toEqual([2, 4, 6]);
  });

  it("works by using", () => {
    const x = make();
    {
      using y = x;
      expect(y.isFreed).toBe(false);
    }
    expect(x.isFreed).toBe(true);
  });
});
