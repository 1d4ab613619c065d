/** A number as Python's `str` writes it: `1.0`, `1e-05`, `inf`. */
export function pythonNumber(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  // Both languages give the shortest digits that mean the number, and differ in when they use an exponent.
  const [digits = "", exponentText = ""] = value.toExponential().split("e");
  const exponent = Number(exponentText);
  if (value !== 0 && (exponent < -4 || exponent >= 16)) {
    return `${digits}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  const plain = exponent < 0 ? value.toFixed(digits.replace(/[-.]/g, "").length - 1 - exponent) : String(value);
  const sign = Object.is(value, -0) ? "-" : "";
  return sign + (plain.includes(".") ? plain : `${plain}.0`);
}
