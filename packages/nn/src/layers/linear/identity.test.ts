import { tensor } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { testModule } from "../../../test/module-suite.ts";
import { Identity } from "./identity.ts";

testModule("Identity", { make: () => new Identity(), shape: [2, 3], shown: "Identity()" });

describe("Identity", () => {
  it("gives what it gets, whatever it was made with", () => {
    const layer = new Identity(54, { unused: true });
    const x = tensor([1, 2]);
    expect(layer.forward(x)).toBe(x);
    expect(String(layer)).toBe("Identity()");
  });
});
