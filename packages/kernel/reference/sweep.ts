// Measures the float32 functions of src/math over every float32 against the C library's float64 ones:
//
//   node --conditions=@anneal/source reference/sweep.ts [name ...] [--every=16]
//
// The lowered expressions are printed to C, with `madd` fused and not, and compiled by gcc. For each function: the largest error in ulp of
// the exact result and where, and how many results have the wrong class (NaN, infinity or sign of zero) and where the first one is.
import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Expr, Op, UnaryOp } from "../src/expr.ts";
import { binary, load, unary } from "../src/expr.ts";
import { lowerTranscendentals } from "../src/math/lower.ts";

const infix: Partial<Record<Op, string>> = {
  add: "+",
  sub: "-",
  mul: "*",
  div: "/",
  and: "&",
  or: "|",
  xor: "^",
  shl: "<<",
  shr: ">>",
  eq: "==",
  ne: "!=",
  lt: "<",
  le: "<=",
  gt: ">",
  ge: ">=",
};
const call: Partial<Record<Op, string>> = {
  sqrt: "sqrtf",
  floor: "floorf",
  ceil: "ceilf",
  trunc: "truncf",
  round: "rintf",
  abs: "fabsf",
  madd: "MADD",
};
const cTypes = { f32: "float", f64: "double", i32: "int", u32: "unsigned", i64: "long", bool: "int" };

function printC(name: string, root: Expr, parameters: string): { text: string; ops: number } {
  const names = new Map<Expr, string>();
  const lines: string[] = [];
  const visit = (e: Expr): string => {
    const known = names.get(e);
    if (known) return known;
    if (e.op === "load") return e.value === 0 ? "x" : "y";
    if (e.op === "const") {
      if (e.type !== "f32") return e.type === "u32" ? `${e.value}u` : `(int)${e.value}LL`;
      if (Number.isNaN(e.value)) return "NAN";
      if (!Number.isFinite(e.value)) return e.value > 0 ? "INFINITY" : "-INFINITY";
      if (Math.fround(e.value) !== e.value) throw new Error(`${name}: ${e.value} is not a float32`);
      return `(float)${Object.is(e.value, -0) ? "-0.0" : e.value}`;
    }
    const a = e.args.map(visit);
    const [first, second, third] = a;
    let text = "";
    if (infix[e.op]) {
      text =
        e.op === "shl" && e.type === "i32"
          ? `(int)((unsigned)${first} << ${second})`
          : `${first} ${infix[e.op]} ${second}`;
      // Signed integers wrap.
      if (e.type === "i32" && (e.op === "add" || e.op === "sub" || e.op === "mul"))
        text = `(int)((unsigned)${first} ${infix[e.op]} (unsigned)${second})`;
    } else if (call[e.op]) text = `${call[e.op]}(${a.join(", ")})`;
    else if (e.op === "neg") text = `-${first}`;
    else if (e.op === "not") text = e.type === "bool" ? `!${first}` : `~${first}`;
    else if (e.op === "select") text = `${first} ? ${second} : ${third}`;
    else if (e.op === "min" || e.op === "max")
      text = `${first} ${e.op === "min" ? "<" : ">"} ${second} ? ${first} : ${second}`;
    else if (e.op === "cast") text = `(${cTypes[e.type]})${first}`;
    else if (e.op === "bitcast") text = `AS(${cTypes[e.type]}, ${cTypes[(e.args[0] as Expr).type]}, ${first})`;
    else throw new Error(`no C for ${e.op}`);
    const variable = `t${lines.length}`;
    lines.push(`  ${cTypes[e.type]} ${variable} = ${text};`);
    names.set(e, variable);
    return variable;
  };
  const result = visit(root);
  const ops = [...names.keys()].filter((e) => e.op !== "bitcast").length;
  return { text: `static inline float ${name}(${parameters}) {\n${lines.join("\n")}\n  return ${result};\n}\n`, ops };
}

const prelude = `
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <stdint.h>
#include <stdlib.h>
#define AS(to, from, v) ((union { from a; to b; }){ .a = (v) }).b
#ifdef FUSED
#define MADD(a, b, c) __builtin_fmaf(a, b, c)
#else
#define MADD(a, b, c) ((a) * (b) + (c))
#endif
static double worst; static float worstX, worstY; static long wrong; static float wrongX, wrongY;
static void check(float x, float y, float got, double want) {
  float rounded = (float)want;
  int bad;
  if (want != want) bad = got == got;
  else if (got != got) bad = 1;
  else if (want == 0) bad = got != 0 || !signbit(got) != !signbit(want);
  else if (isinf(want)) bad = got != want;
  else bad = !signbit(got) != !signbit(want) && got != 0;
  if (bad) { if (!wrong++) wrongX = x, wrongY = y; return; }
  // The nearest float32 is within half an ulp: the largest error is elsewhere.
  if (want != want || got == rounded) return;
  int e; frexp(want, &e); if (e < -125) e = -125; if (e > 128) e = 128;
  double value = isinf(got) ? (got > 0 ? 0x1p128 : -0x1p128) : got;
  double error = fabs(value - want) * ldexp(1, 24 - e);
  if (error > worst) worst = error, worstX = x, worstY = y;
}
static void report(const char *name, const char *mode) {
  printf("%-6s %-8s %.3f ulp at %.9g, %.9g; %ld wrong", name, mode, worst, worstX, worstY, wrong);
  if (wrong) printf(", first at %.9g, %.9g", wrongX, wrongY);
  puts(""); fflush(stdout);
  worst = 0; wrong = 0;
}
#ifdef FUSED
#define MODE "fused"
#else
#define MODE "unfused"
#endif
`;

const unaryNames = [
  "exp",
  "expm1",
  "log",
  "log1p",
  "sin",
  "cos",
  "tan",
  "asin",
  "acos",
  "atan",
  "tanh",
  "sinh",
  "cosh",
  "erf",
] as const;
const binaryNames = ["pow", "atan2"] as const;

const every = Number(process.argv.find((a) => a.startsWith("--every="))?.slice(8) ?? 1);
const wanted = process.argv.slice(2).filter((a) => !a.startsWith("--"));
const asked = (name: string): boolean => wanted.length === 0 || wanted.includes(name);

let program = prelude;
let main = "int main(void) {\n";
for (const name of unaryNames.filter(asked)) {
  const lowered = lowerTranscendentals(unary(name satisfies UnaryOp, load(0)));
  const { text, ops } = printC(`our_${name}`, lowered, "float x");
  console.log(`${name}: ${ops} ops`);
  program += text;
  // sin, cos and tan promise nothing beyond 1e5 but a NaN at infinity.
  const limit =
    name === "sin" || name === "cos" || name === "tan" ? "if (fabsf(x) > 1e5f && !isinf(x)) continue; " : "";
  main += `  for (uint64_t i = ${every === 1 ? 0 : 5}; i < 0x100000000ull; i += ${every}) {
    float x = AS(float, uint32_t, (uint32_t)i); ${limit}check(x, 0, our_${name}(x), ${name}((double)x)); }
  { float s[] = { 0, -0.0f, INFINITY, -INFINITY, NAN, 1, -1, 0x1p-149f, -0x1p-149f, 0x1p-126f, -0x1p-126f };
    for (int i = 0; i < 11; i++) check(s[i], 0, our_${name}(s[i]), ${name}((double)s[i])); }
  report("${name}", MODE);\n`;
}
for (const name of binaryNames.filter(asked)) {
  const lowered = lowerTranscendentals(binary(name, load(0), load(1)));
  const { text, ops } = printC(`our_${name}`, lowered, "float x, float y");
  console.log(`${name}: ${ops} ops`);
  program += text;
  main += `  { static const float s[] = { 0, -0.0f, INFINITY, -INFINITY, NAN, 1, -1, 0.5f, -0.5f, 1.5f, -1.5f, 2, -2, 3, -3, 4, -4, 0x1p-149f, -0x1p-149f,
      0x1p-126f, -0x1p-126f, 0x1.fffffep127f, -0x1.fffffep127f, 0x1.fffffep-1f, 0x1.000002p0f, -0x1.fffffep-1f, -0x1.000002p0f, 16777215, -16777215, 16777216,
      -16777216, 8388609, -8388609, 8388608.5f, -8388608.5f, 33554432, -33554432, 1e10f, -1e10f, 127, 128, -126, -149, -150, -151, 0.1f, 10, -10, 1.0f/3 };
    int n = sizeof s / sizeof *s;
    for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) check(s[i], s[j], our_${name}(s[i], s[j]), ${name}((double)s[i], (double)s[j]));
    uint64_t state = 88172645463325252ull;
    for (long k = 0; k < ${Math.round(1e9 / every)}; k++) {
      state ^= state << 13; state ^= state >> 7; state ^= state << 17;
      float x = AS(float, uint32_t, (uint32_t)state), y = AS(float, uint32_t, (uint32_t)(state >> 32));
      // All bit patterns; else a positive base near 1 or anywhere, with an exponent whose result is mostly finite.
      if (k % 4 == 1) y = (float)((double)(int32_t)(state >> 32) * 0x1p-31 * 151) / (float)log2(fabs((double)x));
      if (k % 4 == 2) { x = 0.5f + (float)((uint32_t)state * 0x1p-32 * 1.5); y = (float)((double)(int32_t)(state >> 32) * 0x1p-31 * 151) / (float)log2(x); }
      if (k % 4 == 3) { x = (float)((double)(int32_t)state * 0x1p-31 * 20); y = (float)((int32_t)(state >> 32) * 0x1p-31 * 20); }
      check(x, y, our_${name}(x, y), ${name}((double)x, (double)y)); } }
  report("${name}", MODE);\n`;
}
program += `${main}  return 0;\n}\n`;

const folder = mkdtempSync(join(tmpdir(), "sweep-"));
writeFileSync(join(folder, "sweep.c"), program);
for (const mode of ["-UFUSED", "-DFUSED"]) {
  const flags = ["-O2", "-march=native", "-ffp-contract=off", "-fno-strict-aliasing", mode];
  execFileSync("gcc", [...flags, "-o", join(folder, "sweep"), join(folder, "sweep.c"), "-lm"], { stdio: "inherit" });
  execFileSync(join(folder, "sweep"), { stdio: "inherit" });
}
