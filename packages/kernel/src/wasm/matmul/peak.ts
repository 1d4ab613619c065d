import type { FunctionBuilder } from "../assembler/function-builder.ts";
import { ModuleBuilder } from "../assembler/module-builder.ts";
import { hasRelaxedMadd } from "../features.ts";

const chains = 12;
const unroll = 4;
const rounds = 1 << 20;

/** A loop of nothing but independent multiply-adds on `chains` vectors of four float32, `unroll` rounds of them for each jump. */
function peakModule(relaxedMadd: boolean): Uint8Array<ArrayBuffer> {
  const m = new ModuleBuilder({ shared: false });
  m.func("peak", { params: ["i32"], results: ["f32"] }, (f) => {
    // A rounding in between needs a register for the product: fewer chains then, so that none is spilled.
    const acc = Array.from({ length: relaxedMadd ? chains : 10 }, () => f.local("v128"));
    const [a, b] = [f.local("v128"), f.local("v128")];
    f.f32(0.999).op("f32x4.splat").set(a).f32(1e-3).op("f32x4.splat").set(b);
    f.loop((again) => {
      for (let i = 0; i < unroll; i++) for (const c of acc) multiplyAdd(f, a, b, c, relaxedMadd);
      f.get(0).i32(1).op("i32.sub").tee(0).brIf(again);
    });
    for (const c of acc) f.get(c);
    for (let i = 1; i < acc.length; i++) f.op("f32x4.add");
    f.lane("f32x4.extract_lane", 0);
  });
  return m.build();
}

function multiplyAdd(f: FunctionBuilder, a: number, b: number, c: number, relaxedMadd: boolean): void {
  if (relaxedMadd) f.get(a).get(b).get(c).op("f32x4.relaxed_madd").set(c);
  else f.get(a).get(b).op("f32x4.mul").get(c).op("f32x4.add").set(c);
}

/**
 * The speed of a pure SIMD multiply-add loop on this thread: what a matmul could reach at most. The best of `tries` runs of a few
 * milliseconds.
 *
 * @returns operations per second; a multiply-add counts as two
 */
export function measurePeak({ relaxedMadd = hasRelaxedMadd(), tries = 10 } = {}): number {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(peakModule(relaxedMadd)), { env: { memory } });
  const peak = exports.peak as (rounds: number) => number;
  const operations = rounds * unroll * (relaxedMadd ? chains : 10) * 4 * 2;
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < tries; i++) {
    const start = performance.now();
    peak(rounds);
    best = Math.min(best, performance.now() - start);
  }
  return operations / (best / 1000);
}
