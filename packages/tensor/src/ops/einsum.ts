import { OptionError, ShapeError } from "../core/errors.ts";
import { counted, formatShape } from "../core/shape.ts";
import { eye } from "../creation/eye.ts";
import type { Tensor } from "../tensor.ts";

/** A tensor whose dimensions have letters. */
interface Labelled {
  readonly tensor: Tensor;
  readonly labels: readonly string[];
}

/**
 * Einstein's summation: multiply tensors whose dimensions are lettered, and sum over letters that the result does not have.
 *
 * @param equation - as `"bij,bjk->bik"`; `...` stands for dimensions without letters; without an arrow the result has the letters that
 * stand once, in alphabetical order
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.einsum.html | torch.einsum}
 * @example
 * einsum("ij,j->i", [tensor([[1, 2], [3, 4]]), tensor([1, 1])]).arraySync(); // => [3, 7]
 */
export function einsum(equation: string, tensors: readonly Tensor[]): Tensor {
  const { inputs, output } = parse(equation, tensors);
  const sizes = new Map<string, number>();
  for (const { tensor, labels } of inputs) {
    labels.forEach((label, d) => {
      const size = tensor.shape[d] as number;
      const known = sizes.get(label) ?? size;
      if (known !== size && known !== 1 && size !== 1) {
        throw new ShapeError(
          "einsum",
          `in "${equation}" the dimension ${label} has the sizes ${known} and ${size}`,
          "Equal letters mean equal sizes.",
        );
      }
      sizes.set(label, known === 1 ? size : known);
    });
  }
  let rest = inputs.map(diagonals);
  while (rest.length > 1) {
    const [a, b, ...others] = rest as [Labelled, Labelled, ...Labelled[]];
    const needed = new Set([...output, ...others.flatMap(({ labels }) => labels)]);
    rest = [
      contract(
        sumAway(a, new Set([...needed, ...b.labels])),
        sumAway(b, new Set([...needed, ...a.labels])),
        needed,
        sizes,
      ),
      ...others,
    ];
  }
  const last = sumAway(rest[0] as Labelled, new Set(output));
  return last.tensor.permute(output.map((label) => last.labels.indexOf(label)));
}

function parse(equation: string, tensors: readonly Tensor[]): { inputs: Labelled[]; output: string[] } {
  const compact = equation.replaceAll(" ", "");
  const match = /^([A-Za-z.,]*)(?:->([A-Za-z.]*))?$/.exec(compact);
  const terms = match?.[1]?.split(",") ?? [];
  if (!match || terms.length !== tensors.length) {
    throw new OptionError(
      "einsum",
      `"${equation}" does not describe ${counted(tensors.length, "tensor")}`,
      'Write letters for each tensor, as "ij,jk->ik".',
    );
  }
  let most = 0;
  const split = terms.map((term, i) => {
    const tensor = tensors[i] as Tensor;
    const [before = "", after] = term.split("...");
    const unnamed = tensor.ndim - before.length - (after?.length ?? 0);
    if (term.replace("...", "").includes(".") || unnamed < 0 || (after === undefined && unnamed > 0)) {
      throw new ShapeError(
        "einsum",
        `"${term}" does not describe a tensor ${formatShape(tensor.shape)}`,
        "Give one letter for each dimension.",
      );
    }
    most = Math.max(most, unnamed);
    return { tensor, before, after, unnamed };
  });
  // Dimensions under "..." are aligned at their end.
  const dots = Array.from({ length: most }, (_, i) => `.${i}`);
  const inputs = split.map(({ tensor, before, after, unnamed }) => ({
    tensor,
    labels: [...before, ...dots.slice(most - unnamed), ...(after ?? "")],
  }));
  if (match[2] !== undefined) {
    const [before = "", after] = match[2].split("...");
    const output = [...before, ...(after === undefined ? [] : dots), ...(after ?? "")];
    const letters = new Set(inputs.flatMap(({ labels }) => labels));
    const wrong = output.find((label, i) => !letters.has(label) || output.indexOf(label) !== i);
    if (wrong)
      throw new OptionError(
        "einsum",
        `in "${equation}" the result's ${wrong} stands twice or in no tensor`,
        "Name each dimension of the result once.",
      );
    return { inputs, output };
  }
  const all = inputs.flatMap(({ labels }) => labels).filter((label) => !label.startsWith("."));
  const once = all.filter((label) => all.indexOf(label) === all.lastIndexOf(label)).sort();
  return { inputs, output: [...dots, ...once] };
}

/** A letter twice in one tensor means its diagonal. */
function diagonals({ tensor, labels }: Labelled): Labelled {
  const twice = labels.findIndex((label, d) => labels.indexOf(label) !== d);
  if (twice < 0) return { tensor, labels };
  const first = labels.indexOf(labels[twice] as string);
  const size = tensor.shape[first] as number;
  const mask = eye(size, { dtype: tensor.dtype, device: tensor.device }).reshape(
    tensor.shape.map((_, d) => (d === first || d === twice ? size : 1)),
  );
  return diagonals({ tensor: tensor.mul(mask).sum(twice), labels: labels.filter((_, d) => d !== twice) });
}

/** Sum over letters nobody needs. */
function sumAway({ tensor, labels }: Labelled, needed: ReadonlySet<string>): Labelled {
  const dims = labels.map((_, d) => d).filter((d) => !needed.has(labels[d] as string));
  if (dims.length === 0) return { tensor, labels };
  return { tensor: tensor.sum(dims), labels: labels.filter((label) => needed.has(label)) };
}

/** Multiply two, as a batch of matrix products: letters of both that are needed on are the batch, the others of both are summed. */
function contract(a: Labelled, b: Labelled, needed: ReadonlySet<string>, sizes: ReadonlyMap<string, number>): Labelled {
  const both = a.labels.filter((label) => b.labels.includes(label));
  const batch = both.filter((label) => needed.has(label));
  const summed = both.filter((label) => !needed.has(label));
  const rows = a.labels.filter((label) => !both.includes(label));
  const columns = b.labels.filter((label) => !both.includes(label));
  const sizesOf = (labels: readonly string[]): number[] => labels.map((label) => sizes.get(label) as number);
  const count = (labels: readonly string[]): number => sizesOf(labels).reduce((x, y) => x * y, 1);
  const arrange = ({ tensor, labels }: Labelled, order: readonly string[]): Tensor =>
    tensor.permute(order.map((label) => labels.indexOf(label))).expand(sizesOf(order));
  const left = arrange(a, [...batch, ...rows, ...summed]).reshape([count(batch), count(rows), count(summed)]);
  const right = arrange(b, [...batch, ...summed, ...columns]).reshape([count(batch), count(summed), count(columns)]);
  const labels = [...batch, ...rows, ...columns];
  return { tensor: left.matmul(right).reshape(sizesOf(labels)), labels };
}
