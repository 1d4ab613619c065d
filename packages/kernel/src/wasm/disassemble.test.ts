import { expect, test } from "vitest";
import { ModuleBuilder } from "./assembler/module-builder.ts";
import { type LaneMemoryOp, type LaneOp, type MemoryOp, opcodes, type PlainOp } from "./assembler/opcodes.ts";
import { disassemble } from "./disassemble.ts";

test("a module as text: blocks indented, immediates written out", () => {
  const m = new ModuleBuilder({ shared: true });
  const exp = m.importFunction("exp", { params: ["f64"], results: ["f64"] });
  m.func("run", { params: ["i32", "i32"] }, (f) => {
    const sum = f.local("v128");
    const i = f.local("i32");
    f.block((done) => {
      f.loop((again) => {
        f.get(i).get(1).op("i32.ge_s").brIf(done);
        f.get(0).memory("v128.load", 16).get(sum).op("f32x4.add").set(sum);
        f.get(i).i32(-4).op("i32.sub").set(i);
        f.br(again);
      });
    });
    f.f64(0.5).call(exp).op("drop");
    f.get(i).if(
      () => f.f32(-0).op("drop"),
      () => f.i64(-1234567890123n).op("drop"),
    );
    f.v128([0, 0, 128, 63, 0, 0, 0, 64, 0, 0, 0, 0, 255, 255, 255, 255]).set(sum);
    f.get(0).get(sum).laneMemory("v128.store32_lane", 2, 4);
  });
  expect(disassemble(m.build())).toMatchInlineSnapshot(`
    "(module
      (import "env" "exp" (func $0 (param f64) (result f64)))
      (import "env" "memory" (memory 0 65536 shared))
      (func $1 (export "run") (param i32 i32)
        (local v128 i32)
        block
          loop
            local.get 3
            local.get 1
            i32.ge_s
            br_if 1
            local.get 0
            v128.load offset=16
            local.get 2
            f32x4.add
            local.set 2
            local.get 3
            i32.const -4
            i32.sub
            local.set 3
            br 0
          end
        end
        f64.const 0.5
        call 0
        drop
        local.get 3
        if
          f32.const -0
          drop
        else
          i64.const -1234567890123
          drop
        end
        v128.const i32x4 0x3f800000 0x40000000 0x00000000 0xffffffff
        local.set 2
        local.get 0
        local.get 2
        v128.store32_lane offset=4 2
      )
    )"
  `);
});

test("every instruction of the assembler is read back", () => {
  const names = [...Object.keys(opcodes.plain), ...Object.keys(opcodes.saturating), ...Object.keys(opcodes.vector)];
  const m = new ModuleBuilder({ shared: false });
  // Instructions that would not validate together: only their text matters here.
  m.func("all", { params: [] }, (f) => {
    for (const name of names) f.op(name as PlainOp);
    for (const name of Object.keys(opcodes.memory)) f.memory(name as MemoryOp, 300);
    for (const name of Object.keys(opcodes.laneMemory)) f.laneMemory(name as LaneMemoryOp, 1, 2);
    for (const name of Object.keys(opcodes.lane)) f.lane(name as LaneOp, 1);
    f.shuffle(Array.from({ length: 16 }, (_, i) => 31 - i));
    f.memoryCopy().memoryFill();
  });
  const text = disassemble(m.build());
  const read = text
    .split("\n")
    .slice(3, -2)
    .map((line) => line.trim());
  expect(read).toEqual([
    ...names,
    ...Object.keys(opcodes.memory).map((name) => `${name} offset=300`),
    ...Object.keys(opcodes.laneMemory).map((name) => `${name} offset=2 1`),
    ...Object.keys(opcodes.lane).map((name) => `${name} 1`),
    "i8x16.shuffle 31 30 29 28 27 26 25 24 23 22 21 20 19 18 17 16",
    "memory.copy",
    "memory.fill",
  ]);
});

test("what is not a module of ours is refused", () => {
  expect(() => disassemble(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8))).toThrowErrorMatchingInlineSnapshot(
    `[RangeError: disassemble: not a WebAssembly module. Pass a module's bytes.]`,
  );
  const m = new ModuleBuilder({ shared: false });
  m.func("nothing", { params: [] }, (f) => f.op("unreachable"));
  const bytes = m.build();
  expect(() => disassemble(bytes.subarray(0, -2))).toThrowErrorMatchingInlineSnapshot(
    `[RangeError: disassemble: the module ends too soon. Pass all of its bytes.]`,
  );
  bytes[bytes.length - 2] = 0x06;
  expect(() => disassemble(bytes)).toThrowErrorMatchingInlineSnapshot(
    `[RangeError: disassemble: the instruction 06 at byte 53 is not one our assembler writes. Add it to opcodes.ts.]`,
  );
});
