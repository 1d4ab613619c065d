/** A picture of at most 256 colors. */
export interface Indexed {
  /** Red, green and blue of each. */
  readonly colors: Uint8Array;
  /** The color of each pixel. */
  readonly indices: Uint8Array;
}

const mostColors = 256;

/** Pixels of three channels with colors of their own: the very same where there are no more than 256, else the nearest of a median cut. */
export function indexed(pixels: Uint8Array): Indexed {
  return exactly(pixels) ?? cut(pixels);
}

function exactly(pixels: Uint8Array): Indexed | null {
  const places = new Map<number, number>();
  const indices = new Uint8Array(pixels.length / 3);
  for (let i = 0; i < indices.length; i++) {
    const color =
      ((pixels[3 * i] as number) << 16) | ((pixels[3 * i + 1] as number) << 8) | (pixels[3 * i + 2] as number);
    let place = places.get(color);
    if (place === undefined) {
      place = places.size;
      if (place === mostColors) return null;
      places.set(color, place);
    }
    indices[i] = place;
  }
  const colors = Uint8Array.from([...places.keys()].flatMap((color) => [color >> 16, (color >> 8) & 255, color & 255]));
  return { colors, indices };
}

/** Colors that agree in the upper five bits of each channel. */
interface Bin {
  readonly key: number;
  readonly count: number;
  /** The mean of red, green and blue. */
  readonly mean: readonly number[];
}

/** Bins that become one color. */
interface Box {
  readonly bins: readonly Bin[];
  /** The channel in which they differ most. */
  readonly channel: number;
  /** How much, summed over the pixels. */
  readonly spread: number;
}

/**
 * Split the colors where they differ most until there are 256 of them.
 *
 * @see {@link https://en.wikipedia.org/wiki/Median_cut | Median cut}, with the variance as the measure
 */
function cut(pixels: Uint8Array): Indexed {
  const boxes = [boxOf(binsOf(pixels))];
  while (boxes.length < mostColors) {
    const widest = boxes.reduce((best, box, i) => (box.spread > (boxes[best] as Box).spread ? i : best), 0);
    const box = boxes[widest] as Box;
    if (box.bins.length < 2) break;
    boxes.splice(widest, 1, ...halves(box));
  }
  const places = new Uint8Array(1 << 15);
  const colors = new Uint8Array(boxes.length * 3);
  boxes.forEach(({ bins }, place) => {
    colors.set(meanOf(bins).map(Math.round), 3 * place);
    for (const { key } of bins) places[key] = place;
  });
  const indices = new Uint8Array(pixels.length / 3);
  for (let i = 0; i < indices.length; i++) indices[i] = places[keyOf(pixels, 3 * i)] as number;
  return { colors, indices };
}

const keyOf = (pixels: Uint8Array, at: number): number =>
  (((pixels[at] as number) >> 3) << 10) | (((pixels[at + 1] as number) >> 3) << 5) | ((pixels[at + 2] as number) >> 3);

function binsOf(pixels: Uint8Array): Bin[] {
  const counts = new Uint32Array(1 << 15);
  const sums = new Float64Array(3 << 15);
  for (let at = 0; at < pixels.length; at += 3) {
    const key = keyOf(pixels, at);
    counts[key] = (counts[key] as number) + 1;
    for (let c = 0; c < 3; c++) sums[3 * key + c] = (sums[3 * key + c] as number) + (pixels[at + c] as number);
  }
  const bins: Bin[] = [];
  counts.forEach((count, key) => {
    if (count > 0) bins.push({ key, count, mean: [0, 1, 2].map((c) => (sums[3 * key + c] as number) / count) });
  });
  return bins;
}

function meanOf(bins: readonly Bin[]): number[] {
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  return [0, 1, 2].map((c) => bins.reduce((sum, { count, mean }) => sum + count * (mean[c] as number), 0) / total);
}

function boxOf(bins: readonly Bin[]): Box {
  const center = meanOf(bins);
  const spreads = center.map((middle, c) =>
    bins.reduce((sum, { count, mean }) => sum + count * ((mean[c] as number) - middle) ** 2, 0),
  );
  const spread = Math.max(...spreads);
  return { bins, channel: spreads.indexOf(spread), spread };
}

/** Half of the pixels to each side, and at least one bin. */
function halves({ bins, channel }: Box): [Box, Box] {
  const sorted = [...bins].sort((a, b) => (a.mean[channel] as number) - (b.mean[channel] as number));
  const half = sorted.reduce((sum, { count }) => sum + count, 0) / 2;
  let [before, split] = [(sorted[0] as Bin).count, 1];
  while (split < sorted.length - 1 && before < half) before += (sorted[split++] as Bin).count;
  return [boxOf(sorted.slice(0, split)), boxOf(sorted.slice(split))];
}
