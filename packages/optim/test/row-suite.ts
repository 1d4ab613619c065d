import { describe, expect, it } from "vitest";
import type { Optimizer, Parameter } from "../src/index.ts";
import { rowGradient } from "../src/index.ts";
import { arrayHost } from "./array-host.ts";
import { optionsOf, type ReferenceCase, reference, rowsAt, startOf } from "./reference.ts";
import { expectClose, expectState, type Host, type MakeOptimizer, tolerance } from "./trajectories.ts";

/** Of parameters that take gradients by rows. */
export interface RowHost<P extends Parameter> extends Host<P> {
  giveRows(parameter: P, rows: ReturnType<typeof rowsAt>): void;
}

const isLate = ({ kwargs }: ReferenceCase): boolean => kwargs.momentum !== undefined;

/** That the recorded cases of `name` with sparse gradients on `dtype` come out on parameters of a host. */
export function testRowTrajectories<P extends Parameter>(
  name: string,
  make: MakeOptimizer,
  host: RowHost<P>,
  dtype: ReferenceCase["dtype"],
): void {
  const cases = reference.row_cases.filter((each) => each.optimizer === name && each.dtype === dtype);
  const bound = tolerance[dtype];
  const parametersOf = (numbers?: readonly number[][]): P[] =>
    reference.row_shapes.map((shape, i) => host.make(numbers?.[i] ?? startOf(shape, i), shape, dtype));
  const follow = (params: readonly P[], optimizer: Optimizer, recorded: ReferenceCase, from: number) => {
    recorded.params_after_step.slice(from).forEach((expected, k) => {
      const t = from + k;
      params.forEach((parameter, i) => void host.giveRows(parameter, rowsAt(parameter.shape, t, i)));
      optimizer.step();
      params.forEach((parameter, i) => void expectClose(host.numbersOf(parameter), expected[i], bound));
      if (t === 4) expectState(optimizer.stateDict(), recorded.state_dict_after_5, bound, host.slotOf);
    });
    expectState(optimizer.stateDict(), recorded.state_dict, bound, host.slotOf);
  };

  describe.each(cases)(`${name} $kwargs by rows on $dtype`, (recorded) => {
    it("takes PyTorch's steps under sparse gradients and saves its state", () => {
      const params = parametersOf();
      follow(params, make(params, optionsOf(recorded.kwargs)), recorded, 0);
    });

    it("goes on from PyTorch's state", () => {
      const params = parametersOf(recorded.params_after_step[4]);
      const optimizer = make(params);
      optimizer.loadStateDict(recorded.state_dict_after_5);
      follow(params, optimizer, recorded, 5);
    });

    it.skipIf(isLate(recorded))(
      "leaves rows that the gradient does not name as they are (skipped with momentum, which moves them on)",
      () => {
        const [table] = parametersOf() as [P];
        const before = Array.from(host.numbersOf(table));
        host.giveRows(table, { indices: [3, 1], values: [1, 2, 3, 4, 5, 6] });
        make([table], optionsOf(recorded.kwargs)).step();
        const moved = Array.from(host.numbersOf(table), (x, i) => x !== before[i]);
        expect(moved.map((is, i) => (is ? Math.floor(i / 3) : -1)).filter((row) => row >= 0)).toEqual([
          1, 1, 1, 3, 3, 3,
        ]);
      },
    );
  });
}

/** What every optimizer must do that takes gradients by rows, over every recorded case of `name` with sparse gradients. */
export function testRowGradients(name: string, make: MakeOptimizer): void {
  testRowTrajectories(name, make, arrayHost, "float64");
  testRowTrajectories(name, make, arrayHost, "float32");

  describe(`${name} by rows`, () => {
    it("zeroes the rows in place, or drops them", () => {
      const table = arrayHost.make(startOf([5, 3], 0), [5, 3], "float64");
      const optimizer = make([table]);
      table.grad = rowGradient([1, 1], Float64Array.of(1, 2, 3, 4, 5, 6));
      optimizer.zeroGrad({ setToNone: false });
      expect(table.grad).toEqual(rowGradient([1], new Float64Array(3)));
      optimizer.zeroGrad();
      expect(table.grad).toBeNull();
    });

    it("says of a host that cannot update single rows that it cannot", () => {
      const host: Parameter = {
        shape: [5, 3],
        grad: rowGradient([1], new Float64Array(3)),
        zeros: () => null,
        update: () => expect.unreachable(),
        saveState: () => null,
        loadState: () => null,
      };
      expect(() => make([host]).step()).toThrow(
        `${name}: a parameter of shape [5, 3] has a gradient by rows (rowGradient), but its host has no updateRows. ` +
          "Give it a gradient of all elements.",
      );
    });
  });
}
