import { describe, expect, it } from "vitest";
import { gradcheck, gradgradcheck, type Tensor, tensor } from "../index.ts";
import { record } from "./graph.ts";

const leaf = (data: number[] | number[][]): Tensor => tensor(data, { dtype: "float64", requiresGrad: true });

/** A square whose backward rule is `rule`. */
const squareWith =
  (rule: (grad: Tensor, x: Tensor) => Tensor) =>
  (x: Tensor): Tensor =>
    record("square", [x], x.detach().square(), [x], (grad, [saved]) => [rule(grad, saved as Tensor)]);

describe("gradcheck", () => {
  it("is content with right rules, several inputs and several outputs", () => {
    const [a, b] = [leaf([[1, 2, 3]]), leaf([[0.5], [-2]])];
    expect(gradcheck((a, b) => [a.mul(b), a.exp().add(b)], [a, b])).toBe(true);
    expect(gradgradcheck((a, b) => [a.mul(b).square(), a.exp().add(b)], [a, b])).toBe(true);
  });

  it("names the element whose gradient is wrong, with both values", () => {
    // Right for the first element, where 2x = x².
    const wrong = squareWith((grad, x) => grad.mul(x.square()));
    const message = messageOf(() => gradcheck(wrong, [leaf([2, 3])]));
    expect(message.replace(/\d+\.\d+ by differences/, "6.0… by differences")).toMatchInlineSnapshot(
      `"gradcheck: the gradient of output 0 at [1] with respect to input 0 at [1] is 9 by backward and 6.0… by differences. Mend the backward rule; or, if there is a kink or a jump, choose other inputs."`,
    );
  });

  it("finds a gradient that does not know its own gradient", () => {
    const constant = squareWith((grad, x) => grad.mul(x.detach()).mul(2));
    expect(gradcheck(constant, [leaf([1, 2])])).toBe(true);
    const message = messageOf(() => gradgradcheck(constant, [leaf([1, 2])]));
    expect(message).toMatch(
      /^gradgradcheck: the gradient of output 0 at \[0\] with respect to input 0 at \[0\] is 0 by backward and/,
    );
  });

  it("finds a gradient that is missing", () => {
    expect(() => gradcheck((x) => x.mul(x.detach()), [leaf([1, 2])])).toThrow("is 1 by backward and 2");
  });

  it("holds inputs fixed that want no gradient, of any dtype", () => {
    const places = tensor([1, 0], { dtype: "int32" });
    expect(gradcheck((x, places) => x.indexSelect(0, places), [leaf([1, 2]), places])).toBe(true);
  });

  it("takes gradients of gradients that are 0", () => {
    expect(gradgradcheck((x) => x.floor(), [leaf([1.5, 2.5])])).toBe(true);
  });

  it("says what it cannot check", () => {
    const short = tensor([1], { requiresGrad: true });
    expect(() => gradcheck((x) => x.exp(), [short])).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: gradcheck: input 0 is float32, whose rounding would drown the differences. Make it float64: tensor(data, { dtype: "float64" }).]`,
    );
    expect(() => gradcheck((x) => x.exp(), [tensor([1], { dtype: "float64" })])).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: gradcheck: no input wants a gradient. Set requiresGrad on those to be checked.]`,
    );
    expect(() => gradcheck((x) => x.detach(), [leaf([1])])).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: gradcheck: no result wants a gradient. The function leaves the graph: look for detach, noGrad or an op without a gradient.]`,
    );
  });
});

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return "nothing was thrown";
}
