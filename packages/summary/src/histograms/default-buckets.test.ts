import { expect, it } from "vitest";
import { reference } from "../../test/summary-writer.ts";
import { countBetween } from "./buckets.ts";
import { countByDefault, defaultEdges } from "./default-buckets.ts";

it("has PyTorch's edges, to the bit", () => {
  expect(Array.from(defaultEdges())).toEqual(reference.defaultEdges);
});

it("counts as a search through the edges does, on the edges and beside them too", () => {
  const edges = Array.from(defaultEdges());
  const values = edges.flatMap((edge) => [edge, edge * (1 + Number.EPSILON), edge * (1 - Number.EPSILON), edge * 1.03]);
  values.push(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e20, -1e20, 5e-324, -5e-324, -0);
  expect(countByDefault(values).counts).toEqual(countBetween(values, edges).counts);
  // Each alone, so that one mistake does not hide another.
  for (const value of values.slice(0, 400)) {
    expect(countByDefault([value]).counts).toEqual(countBetween([value], edges).counts);
  }
});
