/**
 * The next rate on a curve `floor + (base - floor) * factor(epoch)`: what `lr` has above the floor, times the ratio of two factors.
 *
 * Whatever else scaled the rate stays in it, so that schedulers chain. No ratio leads out of a factor of 0: from there it goes by the difference.
 *
 * @param base - the rate before any schedule
 */
export function chain(
  lr: number,
  base: number | undefined,
  epoch: number,
  factor: (epoch: number) => number,
  floor = 0,
): number {
  const was = epoch > 0 ? factor(epoch - 1) : 1;
  const now = factor(epoch);
  return was === 0 ? lr + ((base ?? Number.NaN) - floor) * now : floor + (lr - floor) * (now / was);
}
