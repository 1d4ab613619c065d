import { expect, test } from "vitest";
import type { Local } from "./function-builder.ts";
import { ModuleBuilder } from "./module-builder.ts";

test("instructions can be added at a point marked before, also within one another", () => {
  const module = new ModuleBuilder({ shared: false });
  module.func("run", { params: ["i32"], results: ["i32"] }, (f) => {
    const entry = f.point();
    const hold = (push: () => void): Local => {
      const local = f.local("i32");
      f.at(entry, () => {
        push();
        f.set(local);
      });
      return local;
    };
    const sum = f.local("i32");
    f.loop((next) => {
      const beforeAdding = f.point();
      const ten = hold(() => f.i32(10));
      f.get(sum)
        .get(
          hold(() =>
            f
              .get(ten)
              .get(hold(() => f.i32(3)))
              .op("i32.mul"),
          ),
        )
        .op("i32.add")
        .set(sum);
      f.at(beforeAdding, () => {
        f.get(0);
        f.if(() => f.get(sum).i32(1).op("i32.add").set(sum));
      });
      f.get(0).i32(1).op("i32.sub").tee(0).brIf(next);
    });
    f.get(sum);
  });
  const memory = new WebAssembly.Memory({ initial: 0 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.build()), { env: { memory } });
  // Four rounds of 1 + 10 * 3.
  expect((exports.run as (rounds: number) => number)(4)).toBe(124);
});
