import type { FunctionBuilder } from "../assembler/function-builder.ts";
import type { ModuleBuilder } from "../assembler/module-builder.ts";

/** Adds a function that vector code calls lane by lane; returns the index to call. */
export function addScalarFunction(module: ModuleBuilder, name: string): number {
  switch (name) {
    case "fmod":
      return module.func(null, { params: ["f64", "f64"], results: ["f64"] }, fmod);
    case "pow i64":
      return module.func(null, { params: ["i64", "i64"], results: ["i64"] }, (f) => integerPower(f, "i64", true));
    default: {
      const signed = name === "pow i32";
      return module.func(null, { params: ["i32", "i32"], results: ["i32"] }, (f) => integerPower(f, "i32", signed));
    }
  }
}

/**
 * The remainder of x / y with the sign of x, exact: the largest y * 2^k that fits is subtracted, again and again. Doubling, halving and the
 * subtraction of numbers within a factor of two round nothing.
 */
function fmod(f: FunctionBuilder): void {
  const [x, y] = [0, 1];
  const rest = f.local("f64");
  const size = f.local("f64");
  const scaled = f.local("f64");
  f.get(x).op("f64.abs").tee(rest).f64(Infinity).op("f64.lt");
  f.get(y).op("f64.abs").tee(size).f64(0).op("f64.gt").op("i32.and").op("i32.eqz");
  f.if(() => f.f64(NaN).op("return"));
  f.get(size).set(scaled);
  f.block((done) => {
    f.loop((again) => {
      f.get(scaled).get(rest).f64(0.5).op("f64.mul").op("f64.le").op("i32.eqz").brIf(done);
      f.get(scaled).get(scaled).op("f64.add").set(scaled).br(again);
    });
  });
  f.block((done) => {
    f.loop((again) => {
      f.get(rest).get(scaled).op("f64.ge");
      f.if(() => f.get(rest).get(scaled).op("f64.sub").set(rest));
      f.get(scaled).get(size).op("f64.le").brIf(done);
      f.get(scaled).f64(0.5).op("f64.mul").set(scaled).br(again);
    });
  });
  f.get(rest).get(x).op("f64.copysign");
}

/** x to the y-th power by squaring, modulo 2^bits. A negative exponent gives the truncated quotient: 0 unless x is 1 or -1. */
function integerPower(f: FunctionBuilder, type: "i32" | "i64", signed: boolean): void {
  const [x, y] = [0, 1];
  const result = f.local(type);
  const number = (value: number): FunctionBuilder => (type === "i32" ? f.i32(value) : f.i64(value));
  if (signed) {
    f.get(y);
    number(0).op(`${type}.lt_s`);
    f.if(() => {
      // x is 1 or -1: its power is that of the exponent's last bit. Any other: 0.
      f.get(x);
      number(1).op(`${type}.add`);
      number(3).op(`${type}.lt_u`);
      f.get(x).op(`${type}.eqz`).op("i32.eqz").op("i32.and");
      f.if(
        () => {
          f.get(y);
          number(1).op(`${type}.and`).set(y);
        },
        () => number(0).op("return"),
      );
    });
  }
  number(1).set(result);
  f.block((done) => {
    f.loop((again) => {
      f.get(y).op(`${type}.eqz`).brIf(done);
      f.get(y);
      number(1).op(`${type}.and`).op(`${type}.eqz`).op("i32.eqz");
      f.if(() => f.get(result).get(x).op(`${type}.mul`).set(result));
      f.get(x).get(x).op(`${type}.mul`).set(x);
      f.get(y);
      number(1).op(`${type}.shr_u`).set(y).br(again);
    });
  });
  f.get(result);
}
