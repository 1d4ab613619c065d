/** From `start` at step 0 to `end` at step `steps`, in a straight line, and `end` from there on. */
export const ramp = (step: number, steps: number, start: number, end = 1): number =>
  step < steps ? start + ((end - start) * step) / steps : end;

/** From 1 at 0 to 0 at 1, along half a wave. */
export const cosine = (part: number): number => (1 + Math.cos(Math.PI * part)) / 2;
