import type { Run } from "../family.ts";

/** Independent sums, so that no multiply-add waits for the one before it; with both factors they fill 14 of the 16 vector registers. */
const SUMS = 12;
const LANES = 4;
const LOOPS = 100_000;

/** Floating-point operations of one run of {@link multiplyAddLoop}. */
export const multiplyAddFlops = LOOPS * SUMS * LANES * 2;

const i32 = 0x7f;
const f32 = 0x7d;
const v128 = 0x7b;
const simd = 0xfd;

const splatF32x4 = [simd, 0x13];
const addF32x4 = [simd, 0xe4, 0x01];
const mulF32x4 = [simd, 0xe6, 0x01];
/** Multiply and add with one rounding. */
const relaxedMaddF32x4 = [simd, 0x85, 0x02];

/**
 * The most floating-point work WebAssembly gets out of one core: a loop of multiply-adds on registers, no memory. Fused where the
 * engine has `relaxed_madd`.
 */
export async function multiplyAddLoop(): Promise<Run> {
  const relaxed = moduleBytes(true);
  const bytes = WebAssembly.validate(relaxed) ? relaxed : moduleBytes(false);
  const { instance } = await WebAssembly.instantiate(bytes);
  const run = instance.exports.run as (loops: number, x: number, y: number) => number;
  return () => {
    run(LOOPS, 0.5, 0.25);
  };
}

/**
 * `run(loops, x, y)`: every loop does `sum = x * y + sum` on each sum (fused), or `sum = sum * x + y` (in two steps, where nothing
 * can be taken out of the loop). Returns one lane of all sums added up, so that none is idle work.
 */
export function moduleBytes(relaxed: boolean): Uint8Array<ArrayBuffer> {
  const get = (local: number): number[] => [0x20, local];
  const set = (local: number): number[] => [0x21, local];
  // Locals: 0 loops, 1 and 2 the factors as scalars, 3 and 4 as vectors, then the sums.
  const [loops, x, y] = [0, 3, 4];
  const sums = Array.from({ length: SUMS }, (_, i) => 5 + i);
  const splat = (scalar: number, vector: number): number[] => [...get(scalar), ...splatF32x4, ...set(vector)];
  const multiplyAdd = (sum: number): number[] =>
    relaxed
      ? [...get(x), ...get(y), ...get(sum), ...relaxedMaddF32x4, ...set(sum)]
      : [...get(sum), ...get(x), ...mulF32x4, ...get(y), ...addF32x4, ...set(sum)];
  const countDown = [...get(loops), 0x41, 1, 0x6b, 0x22, loops, 0x0d, 0];
  const total = [...get(sums[0] as number), ...sums.slice(1).flatMap((sum) => [...get(sum), ...addF32x4])];
  const code = [
    ...[...splat(1, x), ...splat(2, y)],
    ...[0x03, 0x40, ...sums.flatMap(multiplyAdd), ...countDown, 0x0b],
    ...[...total, simd, 0x1f, 0, 0x0b],
  ];
  const body = [1, ...unsigned(2 + SUMS), v128, ...code];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 3, i32, f32, f32, 1, f32]),
    ...section(3, [1, 0]),
    ...section(7, [1, 3, ...Buffer.from("run"), 0, 0]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ]);
}

const section = (id: number, content: readonly number[]): number[] => [id, ...unsigned(content.length), ...content];

/** LEB128. */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}
