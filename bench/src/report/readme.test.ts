import { expect, it } from "vitest";
import { replaceBetweenMarkers } from "./readme.ts";

const page = "before\n<!-- bench:begin, written by pnpm bench --write -->\nold\n<!-- bench:end -->\nafter\n";

it("replaces what is between the markers and leaves the rest of the page alone", () => {
  expect(replaceBetweenMarkers(page, "new\n")).toBe(page.replace("old", "\nnew\n"));
});

it("refuses a page without its markers", () => {
  expect(() => replaceBetweenMarkers("nothing", "new")).toThrowErrorMatchingInlineSnapshot(
    `[Error: README: the markers <!-- bench:begin, written by pnpm bench --write --> and <!-- bench:end --> are not there, in this order. Put them back.]`,
  );
});
