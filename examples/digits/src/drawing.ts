/** An image with what it is and what it was taken for. */
export interface Guess {
  /** Row-major, 0 (paper) to 1 (ink). */
  readonly pixels: ArrayLike<number>;
  readonly size: readonly [height: number, width: number];
  readonly label: number;
  readonly guess: number;
}

const shades = [" ", "░", "▒", "▓", "█"];

/**
 * Images side by side, each with the guess under it.
 *
 * @param columns - of the terminal; what does not fit is left out
 */
export function drawGuesses(guesses: readonly Guess[], columns = 80): string {
  const drawn: string[][] = [];
  let width = 0;
  for (const guess of guesses) {
    const lines = draw(guess);
    const needed = (lines[0] ?? "").length + 3;
    if (width + needed > columns + 3) break;
    width += needed;
    drawn.push(lines);
  }
  const height = Math.max(0, ...drawn.map(({ length }) => length));
  return Array.from({ length: height }, (_, row) =>
    drawn
      .map((lines) => lines[row] ?? "")
      .join("   ")
      .trimEnd(),
  ).join("\n");
}

function draw({ pixels, size: [height, width], label, guess }: Guess): string[] {
  // A character is about twice as high as wide: small images take two for a pixel, large ones one for two pixels.
  const small = width <= 16;
  const [rows, across] = small ? [1, 2] : [2, 1];
  const lines = Array.from({ length: Math.ceil(height / rows) }, (_, line) =>
    Array.from({ length: width }, (_, x) => {
      let [ink, seen] = [0, 0];
      for (let y = line * rows; y < Math.min(height, (line + 1) * rows); y++, seen++) ink += pixels[y * width + x] ?? 0;
      return (shades[Math.round((ink / seen) * (shades.length - 1))] ?? " ").repeat(across);
    }).join(""),
  );
  const about = guess === label ? `${guess} ✓` : `${guess} ✗ is ${label}`;
  return [...lines, about.padEnd(width * across)];
}
