import type { Raster } from "./raster.ts";

/** Lanczos' kernel of three lobes. */
function lanczos(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= 3) return 0;
  const t = Math.PI * x;
  return (3 * Math.sin(t) * Math.sin(t / 3)) / (t * t);
}

/** What each pixel of a line of `size` pixels is made of, when there were `before`. */
function mixesOf(before: number, size: number): { readonly start: number; readonly weights: readonly number[] }[] {
  const scale = before / size;
  // A smaller picture averages over all that become one pixel.
  const stretch = Math.max(scale, 1);
  return Array.from({ length: size }, (_, i) => {
    const center = (i + 0.5) * scale;
    const start = Math.max(0, Math.floor(center - 3 * stretch + 0.5));
    const end = Math.min(before, Math.floor(center + 3 * stretch + 0.5));
    const raw = Array.from({ length: end - start }, (_, k) => lanczos((start + k - center + 0.5) / stretch));
    const sum = raw.reduce((total, each) => total + each, 0);
    return { start, weights: raw.map((each) => each / sum) };
  });
}

/** The picture in another size, as Pillow's LANCZOS makes it: each direction by itself, rounded to bytes after each. */
export function resize(raster: Raster, { width, height }: { readonly width: number; readonly height: number }): Raster {
  const { channels } = raster;
  const wide =
    raster.width === width
      ? raster
      : { ...raster, width, data: along(raster.data, raster.height, raster.width, width, channels) };
  if (wide.height === height) return wide;
  return { ...wide, height, data: along(wide.data, 1, wide.height, height, width * channels) };
}

/** `rows` lines of `before` groups of `group` bytes become lines of `size` groups. */
function along(data: Uint8Array, rows: number, before: number, size: number, group: number): Uint8Array {
  const out = new Uint8ClampedArray(rows * size * group);
  const mixes = mixesOf(before, size);
  for (let row = 0; row < rows; row++) {
    mixes.forEach(({ start, weights }, i) => {
      for (let c = 0; c < group; c++) {
        let sum = 0;
        weights.forEach((weight, k) => {
          sum += weight * (data[(row * before + start + k) * group + c] as number);
        });
        out[(row * size + i) * group + c] = sum;
      }
    });
  }
  return new Uint8Array(out.buffer);
}
