/** A loss and its gradients at a point of one or more parameters. */
export interface Evaluated {
  loss: number;
  gradients: (number[] | null)[];
}

export type Problem = (...params: ArrayLike<number>[]) => Evaluated;

const rosen: Problem = (p = []) => {
  const [x = 0, y = 0] = Array.from(p);
  const away = y - x * x;
  return { loss: 100 * away ** 2 + (1 - x) ** 2, gradients: [[-400 * x * away - 2 * (1 - x), 200 * away]] };
};

const quad: Problem = (p = []) => {
  const all = Array.from(p);
  const productBut = (i: number): number => all.reduce((product, x, j) => (i === j ? product : product * x), 1);
  const squares = all.reduce((sum, x, i) => sum + (i + 1) * x * x, 0);
  return { loss: squares / 2 + productBut(-1), gradients: [all.map((x, i) => (i + 1) * x + productBut(i))] };
};

const split: Problem = (a = [], b = []) => {
  const [first, second] = [rosen(a), quad(b)];
  const [[da = 0, ...restA] = [], [db = 0, ...restB] = []] = [first.gradients[0] ?? [], second.gradients[0] ?? []];
  const [x = 0, y = 0] = [a[0], b[0]];
  return {
    loss: first.loss + second.loss + (x * y) / 2,
    gradients: [
      [da + y / 2, ...restA],
      [db + x / 2, ...restB],
    ],
  };
};

/** The functions of generate_lbfgs.py. */
export const problems: Readonly<Record<string, Problem>> = { rosen, quad, split };
