/** Codes of a GIF have at most so many bits. */
const mostBits = 12;

/** The LZW codes of a GIF frame, of `bits` bits a pixel, packed from the lowest bit on. */
export function compress(indices: Uint8Array, bits: number): Uint8Array {
  const clear = 1 << bits;
  const out = new Uint8Array(Math.ceil(indices.length * 1.5) + 8);
  let [at, held, heldBits] = [0, 0, 0];
  let width = bits + 1;
  const put = (code: number): void => {
    held |= code << heldBits;
    heldBits += width;
    for (; heldBits >= 8; heldBits -= 8) {
      out[at++] = held & 255;
      held >>>= 8;
    }
  };
  /** The code of a known run and the pixel after it, by both. */
  let known = new Map<number, number>();
  let next = clear + 2;
  put(clear);
  let run = -1;
  for (const pixel of indices) {
    if (run < 0) {
      run = pixel;
      continue;
    }
    const key = (run << 8) | pixel;
    const longer = known.get(key);
    if (longer !== undefined) {
      run = longer;
      continue;
    }
    put(run);
    if (next < 1 << mostBits) {
      // The reader learns a code one step later, so it needs the wider ones one step later too.
      if (next === 1 << width) width++;
      known.set(key, next++);
    } else {
      put(clear);
      known = new Map();
      next = clear + 2;
      width = bits + 1;
    }
    run = pixel;
  }
  if (run >= 0) put(run);
  if (next === 1 << width && width < mostBits) width++;
  put(clear + 1);
  if (heldBits > 0) out[at++] = held & 255;
  return out.subarray(0, at);
}
