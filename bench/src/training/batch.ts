/** Labels of ten classes, the same for everybody. */
export const labelsOf = (batch: number): Int32Array<ArrayBuffer> =>
  Int32Array.from({ length: batch }, (_, i) => (i * 7) % 10);
