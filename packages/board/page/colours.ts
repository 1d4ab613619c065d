/** Hues that are told apart at a glance, most distinct first: blue, orange, green, magenta, cyan, red, violet, olive, pink, teal. */
const hues = [255, 50, 150, 330, 210, 25, 295, 105, 0, 180] as const;

/** Yellow and green look lighter than they measure, so their lightness differs. */
const lightness = [0.56, 0.67, 0.6, 0.58, 0.64, 0.58, 0.52, 0.66, 0.68, 0.62] as const;

/** The colour of the n-th run, as readable on white as on near black. After the ten hues come theirs in between. */
export function runColour(index: number, dark: boolean): string {
  const round = Math.floor(index / hues.length);
  const k = index % hues.length;
  const hue = ((hues[k] ?? 0) + round * 17) % 360;
  const light = (lightness[k] ?? 0.6) + (dark ? 0.14 : 0) + (round % 3 === 1 ? -0.08 : round % 3 === 2 ? 0.06 : 0);
  const chroma = round % 2 === 0 ? 0.16 : 0.11;
  return `oklch(${light.toFixed(3)} ${chroma} ${hue})`;
}

/** From low to high, as dark to bright in one direction: legible without colour vision too. */
export function rampColour(share: number, dark: boolean): string {
  const t = Math.min(1, Math.max(0, share));
  const light = dark ? 0.45 + 0.43 * t : 0.78 - 0.43 * t;
  return `oklch(${light.toFixed(3)} 0.15 ${(dark ? 300 - 220 * t : 80 + 220 * t).toFixed(0)})`;
}
