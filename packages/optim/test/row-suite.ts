import { describe, expect, it } from "vitest";
import type { ArrayParameter, Optimizer, Parameter } from "../src/index.ts";
import { rowGradient } from "../src/index.ts";
import { arrayHost, arrays } from "./array-host.ts";
import { optionsOf, type ReferenceCase, reference, rowsAt, startOf } from "./reference.ts";
import { expectClose, expectState, type MakeOptimizer, tolerance } from "./trajectories.ts";

function giveRows(params: readonly ArrayParameter[], t: number): void {
  params.forEach((parameter, i) => {
    const rows = rowsAt(parameter.shape, t, i);
    parameter.grad = rows && rowGradient(rows.indices, arrays[parameter.dtype].from(rows.values));
  });
}

const isLate = ({ kwargs }: ReferenceCase): boolean => kwargs.momentum !== undefined;

/** What every optimizer must do that takes gradients by rows, over every recorded case of `name` with sparse gradients. */
export function testRowGradients(name: string, make: MakeOptimizer): void {
  const cases = reference.row_cases.filter(({ optimizer }) => optimizer === name);
  const parametersOf = (dtype: ReferenceCase["dtype"], numbers?: readonly number[][]): ArrayParameter[] =>
    reference.row_shapes.map((shape, i) => arrayHost.make(numbers?.[i] ?? startOf(shape, i), shape, dtype));
  const follow = (params: readonly ArrayParameter[], optimizer: Optimizer, recorded: ReferenceCase, from: number) => {
    recorded.params_after_step.slice(from).forEach((expected, k) => {
      giveRows(params, from + k);
      optimizer.step();
      params.forEach(({ data }, i) => void expectClose(data, expected[i], tolerance[recorded.dtype]));
      if (from + k === 4) {
        expectState(optimizer.stateDict(), recorded.state_dict_after_5, tolerance[recorded.dtype], arrayHost.slotOf);
      }
    });
    expectState(optimizer.stateDict(), recorded.state_dict, tolerance[recorded.dtype], arrayHost.slotOf);
  };

  describe.each(cases)(`${name} $kwargs by rows on $dtype`, (recorded) => {
    it("takes PyTorch's steps under sparse gradients and saves its state", () => {
      const params = parametersOf(recorded.dtype);
      follow(params, make(params, optionsOf(recorded.kwargs)), recorded, 0);
    });

    it("goes on from PyTorch's state", () => {
      const params = parametersOf(recorded.dtype, recorded.params_after_step[4]);
      const optimizer = make(params);
      optimizer.loadStateDict(recorded.state_dict_after_5);
      follow(params, optimizer, recorded, 5);
    });

    it.skipIf(isLate(recorded))(
      "leaves rows that the gradient does not name as they are (skipped with momentum, which moves them on)",
      () => {
        const [table] = parametersOf(recorded.dtype) as [ArrayParameter];
        const before = table.data.slice();
        table.grad = rowGradient([3, 1], arrays[recorded.dtype].of(1, 2, 3, 4, 5, 6));
        make([table], optionsOf(recorded.kwargs)).step();
        const moved = [...table.data].map((x, i) => x !== before[i]);
        expect(moved.map((is, i) => (is ? Math.floor(i / 3) : -1)).filter((row) => row >= 0)).toEqual([
          1, 1, 1, 3, 3, 3,
        ]);
      },
    );
  });

  describe(`${name} by rows`, () => {
    it("zeroes the rows in place, or drops them", () => {
      const [table] = parametersOf("float64") as [ArrayParameter];
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
