import { describe, expect, it } from "vitest";
import { arrayParameter } from "./array-parameter.ts";
import { SGD } from "./sgd.ts";

/** SGD with an option that the types forbid. */
const withOption = (name: string) => () =>
  Reflect.construct(SGD, [[arrayParameter(new Float32Array(1))], { [name]: 0 }]);

describe("an option that does not exist", () => {
  it.each([
    ["weigthDecay", "weightDecay"],
    ["weightdecay", "weightDecay"],
    ["weight_decay", "weightDecay"],
    ["weight_Decy", "weightDecay"],
    ["decay", undefined],
    ["wd", "weightDecay"],
    ["learningRate", "lr"],
    ["learning_rate", "lr"],
    ["Lr", "lr"],
    ["momentun", "momentum"],
    ["nestrov", "nesterov"],
    ["maximise", "maximize"],
    ["damp", "dampening"],
    ["x", undefined],
    ["beta1", undefined],
  ])("%s: what was meant is %s", (name, meant) => {
    expect(withOption(name)).toThrow(
      meant === undefined
        ? `SGD: there is no option ${name}. The options are lr, momentum, dampening, weightDecay, `
        : `SGD: there is no option ${name}. Did you mean ${meant}?`,
    );
  });

  it("is refused in groups too, but not what schedulers write there", () => {
    const params = arrayParameter(new Float32Array(1));
    expect(() => Reflect.construct(SGD, [[{ params, weigthDecay: 0 }]])).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: SGD: there is no option weigthDecay. Did you mean weightDecay?]`,
    );
    const extras = { initialLr: 1, maxLr: 1, minLr: 1, baseMomentum: 1, maxMomentum: 1, swaLr: 1 };
    expect(new SGD([{ params, ...extras }]).paramGroups[0]).toMatchObject(extras);
    const other = new SGD([["w", params]]).paramGroups;
    expect(new SGD(other).paramGroups[0]?.params).toEqual([params]);
  });

  it("changes nothing of a group that is refused", () => {
    const optimizer = new SGD([arrayParameter(new Float32Array(1))]);
    const group = { params: arrayParameter(new Float32Array(1)), betas: [0.9, 0.999] };
    expect(() => Reflect.apply(optimizer.addParamGroup, optimizer, [group])).toThrow(TypeError);
    expect(optimizer.paramGroups).toHaveLength(1);
  });
});
