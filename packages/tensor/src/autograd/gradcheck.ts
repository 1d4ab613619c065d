import { isFloating } from "../core/dtypes.ts";
import { DTypeError, GradientError, OptionError } from "../core/errors.ts";
import { formatShape, numelOf, type Shape } from "../core/shape.ts";
import { fromNumbers } from "../creation/tensor.ts";
import { scope } from "../memory/scope.ts";
import { Generator } from "../random/generator.ts";
import { randn } from "../random/normal.ts";
import type { Tensor } from "../tensor.ts";
import { grad } from "./backward.ts";
import { noGrad } from "./grad-mode.ts";

/** What gradients are checked of: any function of tensors with float results (others among its results are left out). */
export type Differentiable = (...inputs: Tensor[]) => Tensor | readonly Tensor[];

export interface GradcheckOptions {
  /** How far an input is moved to either side for the numeric gradient. @defaultValue 1e-6 */
  readonly eps?: number;
  /** Gradients agree if `|analytic - numeric| <= atol + rtol * |numeric|`. @defaultValue 1e-5 */
  readonly atol?: number;
  /** @defaultValue 1e-3 */
  readonly rtol?: number;
}

/** Both sides of one check, one matrix for each input: `[input][output element * size + input element]`. */
type Jacobians = readonly Float64Array[];

/**
 * Compare the gradients that `backward` finds with those of central differences, `(f(x + eps) - f(x - eps)) / (2 eps)`, element by element.
 *
 * @param fn - must give the same results each time, and have no kink within `eps` of the inputs
 * @param inputs - float64, small; those with `requiresGrad` are checked, the others held fixed
 * @returns true
 * @throws {GradientError} at the first element that differs, with both values
 * @throws {DTypeError} for float32 inputs, whose rounding would drown the differences
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.autograd.gradcheck.gradcheck.html | torch.autograd.gradcheck}
 * @example
 * const x = tensor([1, 2], { dtype: "float64", requiresGrad: true });
 * gradcheck((x) => x.square(), [x]); // => true
 */
export function gradcheck(fn: Differentiable, inputs: readonly Tensor[], options: GradcheckOptions = {}): true {
  check("gradcheck", fn, inputs, options);
  return true;
}

/**
 * {@link gradcheck} of the gradients themselves: of the function from the inputs and the gradient of the output to the gradients of the
 * inputs.
 *
 * @param options - `gradOutputs`: by default normal numbers, the same every time
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.autograd.gradcheck.gradgradcheck.html | torch.autograd.gradgradcheck}
 * @example
 * const x = tensor([1, 2], { dtype: "float64", requiresGrad: true });
 * gradgradcheck((x) => x.square(), [x]); // => true
 */
export function gradgradcheck(
  fn: Differentiable,
  inputs: readonly Tensor[],
  options: GradcheckOptions & { readonly gradOutputs?: readonly Tensor[] } = {},
): true {
  const outputs = noGrad(() => floatsOf(fn(...inputs)));
  const generator = new Generator(0);
  const seeds =
    options.gradOutputs ??
    outputs.map((output) => {
      const seed = randn(output.shape, { dtype: "float64", device: output.device, generator }).contiguous();
      seed.requiresGrad = true;
      return seed;
    });
  const gradients: Differentiable = (...all) => {
    const given = all.slice(0, inputs.length);
    const wanted = given.filter((input) => input.requiresGrad);
    // A result that no input has part in (the gradient of a step) has nothing to propagate.
    const made = floatsOf(fn(...given)).map((output, i) => ({ output, seed: all[inputs.length + i] as Tensor }));
    const live = made.filter(({ output }) => output.requiresGrad);
    const found = grad(
      live.map(({ output }) => output),
      wanted,
      {
        gradOutputs: live.map(({ seed }) => seed),
        createGraph: true,
        allowUnused: true,
      },
    );
    return found.filter((each) => each !== null);
  };
  check("gradgradcheck", gradients, [...inputs, ...seeds], options);
  return true;
}

function check(where: string, fn: Differentiable, inputs: readonly Tensor[], options: GradcheckOptions): void {
  const { eps = 1e-6, atol = 1e-5, rtol = 1e-3 } = options;
  if (!(eps > 0)) throw new OptionError(where, `eps is ${eps}`, "Give a small number above 0, as 1e-6.");
  checkInputs(where, inputs);
  scope(() => {
    const outputs = floatsOf(fn(...inputs));
    // gradgradcheck: gradients that depend on nothing are legal, their own gradients are 0.
    if (where === "gradcheck" && !outputs.some((output) => output.requiresGrad)) {
      throw new GradientError(
        where,
        "no result wants a gradient",
        "The function leaves the graph: look for detach, noGrad or an op without a gradient.",
      );
    }
    const shapes = outputs.map(({ shape }) => shape);
    const analytic = analyticJacobians(inputs, outputs);
    const numeric = numericJacobians(fn, inputs, outputs, eps);
    const checked = inputs.flatMap((input, i) => (input.requiresGrad ? [{ shape: input.shape, name: i }] : []));
    checked.forEach(({ shape, name }, k) => {
      const size = numelOf(shape);
      (numeric[k] as Float64Array).forEach((expected, at) => {
        const got = (analytic[k] as Float64Array)[at] as number;
        if (Math.abs(got - expected) <= atol + rtol * Math.abs(expected) || got === expected) return;
        const output = placeOf(Math.floor(at / size), shapes);
        throw new GradientError(
          where,
          `the gradient of output ${output.tensor} at ${formatShape(output.index)} with respect to input ${name} at ` +
            `${formatShape(unravel(at % size, shape))} is ${got} by backward and ${expected} by differences`,
          "Mend the backward rule; or, if there is a kink or a jump, choose other inputs.",
        );
      });
    });
  });
}

function checkInputs(where: string, inputs: readonly Tensor[]): void {
  const checked = inputs.filter(({ requiresGrad }) => requiresGrad);
  if (checked.length === 0)
    throw new GradientError(where, "no input wants a gradient", "Set requiresGrad on those to be checked.");
  inputs.forEach(({ dtype, requiresGrad }, i) => {
    if (!requiresGrad || dtype === "float64") return;
    throw new DTypeError(
      where,
      `input ${i} is ${dtype}, whose rounding would drown the differences`,
      'Make it float64: tensor(data, { dtype: "float64" }).',
    );
  });
}

const floatsOf = (result: Tensor | readonly Tensor[]): readonly Tensor[] =>
  (isList(result) ? result : [result]).filter(({ dtype }) => isFloating(dtype));

const isList = (result: Tensor | readonly Tensor[]): result is readonly Tensor[] => Array.isArray(result);

/** One backward pass for each element of the outputs. */
function analyticJacobians(inputs: readonly Tensor[], outputs: readonly Tensor[]): Jacobians {
  const checked = inputs.filter(({ requiresGrad }) => requiresGrad);
  const rows = outputs.reduce((sum, { numel }) => sum + numel, 0);
  const jacobians = checked.map(({ numel }) => new Float64Array(rows * numel));
  let row = 0;
  for (const output of outputs) {
    for (let element = 0; element < output.numel; element++, row++) {
      if (!output.requiresGrad) continue;
      scope(() => {
        const seed = new Float64Array(output.numel);
        seed[element] = 1;
        const found = grad(output, checked, {
          gradOutputs: [fromNumbers(seed, output.shape, output.dtype, output.device)],
          retainGraph: true,
          allowUnused: true,
        });
        found.forEach((gradient, k) => {
          if (gradient) (jacobians[k] as Float64Array).set(numbersOf(gradient), row * gradient.numel);
        });
      });
    }
  }
  return jacobians;
}

/** Two evaluations for each element of the inputs. */
function numericJacobians(
  fn: Differentiable,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  eps: number,
): Jacobians {
  const rows = outputs.reduce((sum, { numel }) => sum + numel, 0);
  const jacobians: Float64Array[] = [];
  inputs.forEach((input, i) => {
    if (!input.requiresGrad) return;
    const jacobian = new Float64Array(rows * input.numel);
    jacobians.push(jacobian);
    const numbers = numbersOf(input.detach());
    const at = (element: number, value: number): Float64Array =>
      scope(() => {
        const moved = numbers.slice();
        moved[element] = value;
        const given = [...inputs];
        given[i] = fromNumbers(moved, input.shape, input.dtype, input.device);
        given[i].requiresGrad = true;
        return Float64Array.from(floatsOf(fn(...given)).flatMap((output) => [...numbersOf(output.detach())]));
      });
    numbers.forEach((value, element) => {
      const [above, below] = [at(element, value + eps), at(element, value - eps)];
      for (let row = 0; row < rows; row++) {
        jacobian[row * input.numel + element] = ((above[row] as number) - (below[row] as number)) / (2 * eps);
      }
    });
  });
  return jacobians;
}

const numbersOf = (x: Tensor): Float64Array => Float64Array.from(x.dataSync(), Number);

/** The output tensor that a row of the Jacobian belongs to, and the element in it. */
function placeOf(row: number, shapes: readonly Shape[]): { tensor: number; index: number[] } {
  let rest = row;
  for (const [tensor, shape] of shapes.entries()) {
    if (rest < numelOf(shape)) return { tensor, index: unravel(rest, shape) };
    rest -= numelOf(shape);
  }
  return { tensor: shapes.length, index: [] };
}

function unravel(element: number, shape: Shape): number[] {
  let rest = element;
  return shape
    .toReversed()
    .map((size) => {
      const index = rest % size;
      rest = Math.floor(rest / size);
      return index;
    })
    .reverse();
}
