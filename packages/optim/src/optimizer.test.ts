import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { reference } from "../test/reference.ts";
import { Adam } from "./adam.ts";
import { type ArrayParameter, arrayParameter } from "./array-parameter.ts";
import type { Parameter } from "./parameter.ts";
import { SGD } from "./sgd.ts";
import type { OptimizerStateDict } from "./state-dict.ts";
import { registerOptimizerStepPostHook, registerOptimizerStepPreHook } from "./step-hooks.ts";

const scalar = (value = 1): ArrayParameter<Float64Array> => arrayParameter(Float64Array.of(value));
const withGradient = (gradient = 1): ArrayParameter<Float64Array> => {
  const parameter = scalar();
  parameter.grad = Float64Array.of(gradient);
  return parameter;
};
/** Call with what the types forbid. */
const unsafe = (make: unknown, ...args: unknown[]): unknown => Reflect.construct(make as typeof SGD, args);

const warn = vi.spyOn(console, "warn");
beforeEach(() => void warn.mockReset().mockImplementation(() => {}));
afterEach(() => void warn.mockReset());

describe("the parameters of an optimizer", () => {
  it("may come from a generator, with names, or in groups with options of their own", () => {
    function* parameters(): Generator<Parameter> {
      yield scalar();
      yield scalar();
    }
    expect(new SGD(parameters()).paramGroups[0]?.params).toHaveLength(2);
    const named = new SGD([
      ["weight", scalar()],
      ["bias", scalar()],
    ]);
    expect(named.paramGroups[0]?.paramNames).toEqual(["weight", "bias"]);
    expect(named.stateDict().param_groups[0]?.param_names).toEqual(["weight", "bias"]);
    const [base, head] = [scalar(), scalar()];
    const grouped = new SGD([{ params: [base] }, { params: head, lr: 0.5 }], { lr: 0.1, momentum: 0.9 });
    expect(grouped.paramGroups.map(({ lr, momentum, params }) => [lr, momentum, params])).toEqual([
      [0.1, 0.9, [base]],
      [0.5, 0.9, [head]],
    ]);
  });

  it("may be an empty group", () => {
    const optimizer = new SGD([{ params: [] }]);
    optimizer.addParamGroup({ params: [["late", scalar()]] });
    optimizer.step();
    expect(optimizer.paramGroups).toHaveLength(2);
  });

  it("take an option left undefined from the defaults", () => {
    const group = JSON.parse("{}");
    expect(new SGD([{ params: scalar(), lr: group.lr }], { lr: 0.25 }).paramGroups[0]?.lr).toBe(0.25);
  });

  it("are refused with a reason", () => {
    const p = scalar();
    expect(() => unsafe(SGD, p)).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: SGD: params must be a list of parameters or of groups, got a single parameter. Put it in a list: [parameter].]`,
    );
    expect(() => unsafe(SGD, 3)).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: SGD: params must be a list of parameters or of groups, got 3. Put it in a list: [parameter].]`,
    );
    expect(() => new Adam([])).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: Adam: got an empty parameter list. Pass model.parameters() of a model that has some.]`,
    );
    expect(() => unsafe(Adam, [p, new Float32Array(1)])).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: Adam: can only optimize parameters, but one of the params is Float32Array. Pass model.parameters(), or wrap a typed array: arrayParameter(array).]`,
    );
    expect(() => unsafe(Adam, [p, { params: [scalar()] }])).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: Adam: can only optimize parameters, but one of the params is a group among parameters. Pass model.parameters(), or wrap a typed array: arrayParameter(array).]`,
    );
    expect(() => unsafe(Adam, [{ params: [null] }])).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: Adam: can only optimize parameters, but one of the params is null. Pass model.parameters(), or wrap a typed array: arrayParameter(array).]`,
    );
    expect(() => new SGD([p]).addParamGroup(JSON.parse("[]"))).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: SGD.addParamGroup: a group must be an object with params, such as { params: layer.parameters(), lr: 1e-3 }.]`,
    );
    const result = Object.assign(scalar(), { isLeaf: false });
    expect(() => new SGD([result])).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: SGD: can't optimize a non-leaf tensor of shape [1]: it was computed from others. Optimize the tensors it was made from, or detach it.]`,
    );
    expect(new SGD([Object.assign(result, { retainsGrad: true })]).paramGroups).toHaveLength(1);
    expect(() => unsafe(SGD, [["w", p], scalar()])).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: SGD: all params should be with or without names, but 1 of 2 in one group have one. Pass model.namedParameters(), or model.parameters().]`,
    );
    expect(() => new SGD([{ params: [["w", p]] }, { params: scalar() }])).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: SGD: all param groups should be with or without names, and this one differs from those before it. Pass namedParameters() for all of them, or parameters() for all.]`,
    );
    expect(() => new SGD([{ params: p }, { params: [scalar(), p] }])).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: SGD: some parameters appear in more than one parameter group. Leave them out of one.]`,
    );
    expect(() => new SGD([{ params: p, lr: -1 }])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SGD: lr must be 0 or more, got -1.]`,
    );
  });

  it("may be twice in one group, with a warning, and have the last place's number then", () => {
    const p = withGradient();
    const optimizer = new SGD([p, p], { lr: 0.1, momentum: 0.9 });
    expect(warn.mock.calls).toMatchInlineSnapshot(`
      [
        [
          "SGD: a parameter group holds the same parameter twice, and will update it twice in each step.",
        ],
      ]
    `);
    expect(optimizer.stateDict().param_groups[0]?.params).toEqual([1, 1]);
  });
});

describe("a host of one's own", () => {
  it("is any object with a shape and a gradient that runs rules, and is called without anything being made anew", () => {
    const calls: {
      rule: string;
      state: readonly unknown[];
      scalars: readonly number[];
      values: Record<string, number>;
    }[] = [];
    const host: Parameter<string> = {
      shape: [2],
      grad: null,
      zeros: () => "zeros",
      update({ name, scalars: names }, state, scalars) {
        const values = Object.fromEntries(names.map((each, i) => [each, scalars[i] ?? Number.NaN]));
        calls.push({ rule: name, state, scalars, values });
      },
      saveState: (slot) => `saved ${slot}`,
      loadState: (saved) => `loaded ${saved}`,
    };
    const optimizer = new Adam([host], { lr: 0.1, betas: [0.5, 0.75], weightDecay: 0.25 });
    optimizer.step();
    expect(calls).toEqual([]);
    host.grad = "gradient";
    optimizer.step();
    optimizer.step();
    const [first, second] = calls;
    expect(first).toMatchObject({ rule: "adam", state: ["zeros", "zeros"] });
    // 1 - β1, β2, 1 - β2, and with √(1 - β2¹) = 0.5 the scalars of the fraction: 0.5 eps and 0.5 lr / (1 - β1¹).
    expect(first?.values).toMatchObject({
      decay: 0.25,
      oneMinusBeta1: 0.5,
      beta2: 0.75,
      oneMinusBeta2: 0.25,
      correctedEps: 5e-9,
      stepSize: 0.1,
    });
    expect(second?.state).toBe(first?.state);
    expect(second?.scalars).toBe(first?.scalars);
    const saved = optimizer.stateDict();
    expect(saved.state[0]).toEqual({ step: 2, exp_avg: "saved zeros", exp_avg_sq: "saved zeros" });
    optimizer.loadStateDict(saved);
    optimizer.step();
    expect(calls[2]?.state).toEqual(["loaded saved zeros", "loaded saved zeros"]);
  });

  it("may show its gradient without handing it out", () => {
    const parameter = Object.assign(withGradient(), { peekGrad: vi.fn(() => null) });
    const optimizer = new SGD([parameter]);
    optimizer.step();
    optimizer.zeroGrad();
    expect(parameter.data[0]).toBe(1);
    expect(parameter.peekGrad).toHaveBeenCalledTimes(2);
    expect(parameter.grad).not.toBeNull();
  });
});

describe("step", () => {
  it("returns what the closure returns, called once before the update", () => {
    const p = scalar();
    const optimizer = new SGD([p], { lr: 0.1 });
    const closure = vi.fn(() => {
      p.grad = Float64Array.of(p.data[0] ?? 0);
      return 42;
    });
    expect(optimizer.step(closure)).toBe(42);
    expect(closure).toHaveBeenCalledTimes(1);
    expect(p.data[0]).toBeCloseTo(0.9, 14);
    expect(optimizer.step()).toBeUndefined();
  });

  it("waits for an async closure", async () => {
    const p = scalar();
    const optimizer = new SGD([p], { lr: 0.1 });
    const loss = optimizer.step(async () => {
      await Promise.resolve();
      p.grad = Float64Array.of(1);
      return "loss";
    });
    expect(p.data[0]).toBe(1);
    expect(await loss).toBe("loss");
    expect(p.data[0]).toBeCloseTo(0.9, 14);
  });

  it("runs hooks in PyTorch's order: global pre, own pre, step, own post, global post", () => {
    const p = withGradient();
    const optimizer = new SGD([p], { lr: 0.1 });
    const order: string[] = [];
    const handles = [
      optimizer.registerStepPostHook(() => void order.push(`own post ${p.data[0]}`)),
      registerOptimizerStepPostHook(() => void order.push("global post")),
      optimizer.registerStepPreHook(() => void order.push(`own pre ${p.data[0]}`)),
      registerOptimizerStepPreHook(() => void order.push("global pre")),
    ];
    optimizer.step();
    expect(order).toEqual(["global pre", "own pre 1", "own post 0.9", "global post"]);
    for (const handle of handles) handle.remove();
    optimizer.step();
    expect(order).toHaveLength(4);
  });

  it("lets a pre-hook exchange the arguments, and nothing else", () => {
    const optimizer = new SGD([withGradient()]);
    const handle = optimizer.registerStepPreHook((_, args) => {
      expect(args).toEqual([]);
      return [() => 7];
    });
    expect(optimizer.step()).toBe(7);
    handle.remove();
    optimizer.registerStepPreHook(() => JSON.parse("7"));
    expect(() => optimizer.step()).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: SGD.step: a pre-hook must return nothing, or the new arguments as a list.]`,
    );
  });
});

describe("zeroGrad", () => {
  it("drops the gradients, or zeroes them in place", () => {
    const [p, q] = [withGradient(Number.NaN), scalar()];
    const optimizer = new SGD([p, q]);
    const { grad } = p;
    optimizer.zeroGrad({ setToNone: false });
    expect([p.grad, q.grad]).toEqual([Float64Array.of(0), null]);
    expect(p.grad).toBe(grad);
    optimizer.zeroGrad();
    expect(p.grad).toBeNull();
  });
});

describe("stateDict and loadStateDict", () => {
  const trained = (): Adam => {
    const optimizer = new Adam([{ params: [withGradient()] }, { params: [withGradient(), scalar()], lr: 0.5 }]);
    optimizer.step();
    return optimizer;
  };

  it("keep what schedulers and users add to a group, under PyTorch's names", () => {
    const optimizer = trained();
    for (const group of optimizer.paramGroups) Object.assign(group, { initialLr: 0.7, note: "mine" });
    const saved = optimizer.stateDict();
    expect(saved.param_groups[1]).toMatchObject({ lr: 0.5, initial_lr: 0.7, note: "mine", params: [1, 2] });
    expect(saved.param_groups.map((group) => Object.keys(group).at(-1))).toEqual(["params", "params"]);
    expect(Object.keys(saved.state)).toEqual(["0", "1"]);
    const other = trained();
    other.loadStateDict(saved);
    expect(other.paramGroups[1]).toMatchObject({ lr: 0.5, initialLr: 0.7, note: "mine" });
  });

  it("replaces the options of the groups, and keeps the parameters", () => {
    const optimizer = trained();
    const saved = optimizer.stateDict();
    const params = optimizer.paramGroups.map((group) => group.params);
    for (const group of optimizer.paramGroups) Object.assign(group, { lr: 9, extra: true });
    optimizer.loadStateDict(saved);
    expect(optimizer.paramGroups.map((group) => [group.lr, group.params, Object.hasOwn(group, "extra")])).toEqual([
      [1e-3, params[0], false],
      [0.5, params[1], false],
    ]);
  });

  it("takes step counts as 0-d tensors and Maps, as a reader of PyTorch's files gives them", () => {
    const p = withGradient();
    const optimizer = new Adam([p]);
    optimizer.step();
    const { state, param_groups } = optimizer.stateDict();
    const fields = new Map<string, unknown>([
      ...Object.entries(state[0] ?? {}),
      ["step", { shape: [], data: Float32Array.of(4) }],
    ]);
    optimizer.loadStateDict({ state: new Map([[0, fields]]), param_groups } as unknown as OptimizerStateDict);
    expect(optimizer.stateDict().state[0]).toMatchObject({ step: 4 });
    optimizer.loadStateDict({ state: { 0: { ...state[0], step: { itemSync: () => 5 } } }, param_groups });
    expect(optimizer.stateDict().state[0]).toMatchObject({ step: 5 });
  });

  it("prefers the names in the state dict, and keeps the live ones where it has none", () => {
    const named = new SGD([["w", scalar()]]);
    named.loadStateDict(new SGD([scalar()]).stateDict());
    expect(named.paramGroups[0]?.paramNames).toEqual(["w"]);
    named.loadStateDict(new SGD([["old", scalar()]]).stateDict());
    expect(named.paramGroups[0]?.paramNames).toEqual(["old"]);
  });

  it("keeps state of parameters that it does not have", () => {
    const optimizer = trained();
    const saved = optimizer.stateDict();
    saved.state.buffer = { count: 3 };
    optimizer.loadStateDict(saved);
    expect(optimizer.stateDict().state.buffer).toEqual({ count: 3 });
  });

  it("converts to the parameter's own precision", () => {
    const [narrow, wide] = [arrayParameter(Float32Array.of(1)), withGradient(0.1)];
    const from = new Adam([wide]);
    from.step();
    const into = new Adam([narrow]);
    into.loadStateDict(from.stateDict());
    // One step from zero leaves 0.1 * 0.1 in exp_avg.
    expect(into.stateDict().state[0]?.exp_avg).toEqual({ shape: [1], data: Float32Array.of(0.01) });
  });

  it("refuses what does not fit, and leaves everything as it was", () => {
    const optimizer = trained();
    const before = optimizer.stateDict();
    const broken = (change: (saved: OptimizerStateDict) => unknown) => () => {
      const saved = optimizer.stateDict();
      change(saved);
      try {
        optimizer.loadStateDict(saved);
      } finally {
        expect(optimizer.stateDict()).toEqual(before);
      }
    };
    expect(broken((saved) => saved.param_groups.pop())).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: Adam.loadStateDict: the state dict has a different number of parameter groups: 1, the optimizer has 2. Build the optimizer with the groups it was saved with.]`,
    );
    expect(broken((saved) => saved.param_groups[1]?.params.pop())).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: Adam.loadStateDict: param_groups[1] doesn't match the size of the optimizer's group: 1 parameters, the optimizer has 2. Load it into an optimizer of the same model.]`,
    );
    expect(broken((saved) => delete saved.param_groups[0]?.betas)).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: Adam.loadStateDict: param_groups[0] has no betas, which this optimizer needs. Was it saved by another optimizer?]`,
    );
    expect(
      broken((saved) => Object.assign(saved.state, { 1: { momentum_buffer: 0 } })),
    ).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: Adam.loadStateDict: state[1] holds "momentum_buffer", which this optimizer does not keep. Was it saved by another optimizer?]`,
    );
    expect(broken((saved) => Object.assign(saved.state[1] ?? {}, { step: "3" }))).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: Adam.loadStateDict: state[1].step must be a number or a tensor of one element.]`,
    );
    expect(
      broken((saved) => Object.assign(saved.state[1] ?? {}, { exp_avg: { shape: [2], data: [1, 2] } })),
    ).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: Adam.loadStateDict: state[1].exp_avg has shape [2], its parameter [1]. Load it into the model it was saved with.]`,
    );
    expect(broken((saved) => Object.assign(saved, { param_groups: "all" }))).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: Adam.loadStateDict: param_groups must be a list, got string.]`,
    );
    expect(broken((saved) => Object.assign(saved, { state: [] }))).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: Adam.loadStateDict: state must be an object, got a list.]`,
    );
  });

  it("cannot be made to write a prototype", () => {
    const optimizer = trained();
    const saved = optimizer.stateDict();
    saved.param_groups[0] = { ...saved.param_groups[0], ...JSON.parse('{ "__proto__": { "polluted": 1 } }') };
    const state = JSON.parse('{ "__proto__": { "polluted": 1 } }');
    optimizer.loadStateDict({ ...saved, state });
    expect(Reflect.get(optimizer.stateDict().state, "polluted")).toBeUndefined();
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    expect(Reflect.get(optimizer.paramGroups[0] ?? {}, "polluted")).toBeUndefined();
  });

  it("call their hooks in order, which may exchange the dict", () => {
    const optimizer = trained();
    const order: string[] = [];
    optimizer.registerStateDictPreHook(() => void order.push("pre"));
    optimizer.registerStateDictPreHook(() => void order.push("first"), { prepend: true });
    const handle = optimizer.registerStateDictPostHook((_, saved) => ({ ...saved, state: {} }));
    expect(optimizer.stateDict().state).toEqual({});
    expect(order).toEqual(["first", "pre"]);
    handle.remove();
    const saved = optimizer.stateDict();
    optimizer.registerLoadStateDictPreHook((_, given) => {
      expect(given).not.toBe(saved);
      return { ...given, state: {} };
    });
    optimizer.registerLoadStateDictPostHook(() => void order.push("loaded"));
    optimizer.loadStateDict(saved);
    expect(optimizer.stateDict().state).toEqual({});
    expect(order.at(-3)).toBe("loaded");
  });

  it("have every key of PyTorch's groups, in its order", () => {
    for (const { optimizer, state_dict } of reference.cases) {
      const Class = { SGD, Adam }[optimizer];
      if (!Class) continue;
      expect(Object.keys(new Class([scalar()]).stateDict().param_groups[0] ?? {})).toEqual(
        Object.keys(state_dict.param_groups[0] ?? {}),
      );
    }
  });
});

describe("toString", () => {
  it("lists the options of each group by name", () => {
    expect(
      String(new SGD([{ params: scalar() }, { params: scalar(), lr: 1 }], { momentum: 0.9 })),
    ).toMatchInlineSnapshot(`
      "SGD (
      Parameter Group 0
          dampening: 0
          differentiable: false
          foreach: null
          fused: null
          lr: 0.001
          maximize: false
          momentum: 0.9
          nesterov: false
          weightDecay: 0

      Parameter Group 1
          dampening: 0
          differentiable: false
          foreach: null
          fused: null
          lr: 1
          maximize: false
          momentum: 0.9
          nesterov: false
          weightDecay: 0
      )"
    `);
  });
});
