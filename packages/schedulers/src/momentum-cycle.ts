import type { Rows, Table } from "./complete-options.ts";
import { groupsOf } from "./groups-of.ts";
import type { HasParamGroups, ScheduledGroup } from "./has-param-groups.ts";
import { must } from "./must.ts";
import { eachGroup, finite, flag } from "./rules.ts";
import { valuePerGroup } from "./value-per-group.ts";

export interface MomentumCycleOptions {
  /**
   * Whether the momentum (the first beta, where the optimizer has betas) falls while the rate rises.
   * @defaultValue true
   */
  cycleMomentum?: boolean;
  /**
   * The lowest momentum, at the highest rate: for all groups, or a list with one for each.
   * @defaultValue 0.8, and 0.85 for OneCycleLR
   */
  baseMomentum?: number | readonly number[];
  /**
   * The highest momentum, at the lowest rate: for all groups, or a list with one for each.
   * @defaultValue 0.9, and 0.95 for OneCycleLR
   */
  maxMomentum?: number | readonly number[];
}

export interface MomentumState {
  cycle_momentum: boolean;
  /** Whether it is the first beta that cycles. */
  use_beta1?: boolean;
}

export const withMomentum = (baseMomentum: number, maxMomentum: number): Table<MomentumCycleOptions> => ({
  cycleMomentum: [flag, true],
  baseMomentum: [eachGroup(finite), baseMomentum],
  maxMomentum: [eachGroup(finite), maxMomentum],
});

/** What a class saves of its cycle, which PyTorch's saves only as far as there is one. */
export const savedMomentum = (cycleMomentum: boolean, more: Rows = {}): Rows => ({
  cycleMomentum: [flag],
  ...(cycleMomentum && { useBeta1: [flag], ...more }),
});

/** The fields of a class that cycles the momentum. */
export interface MomentumFields {
  readonly cycleMomentum: boolean;
  readonly useBeta1?: boolean;
  readonly baseMomentums?: number[];
  readonly maxMomentums?: number[];
}

/** Check that there is a momentum to cycle. In a new run, write where the cycle starts, and its bounds, into the groups. */
export function startMomentum(
  where: string,
  optimizer: HasParamGroups,
  options: Required<MomentumCycleOptions> & { lastEpoch: number },
): MomentumFields {
  const { cycleMomentum } = options;
  if (!cycleMomentum) return { cycleMomentum };
  const groups = groupsOf(where, optimizer);
  const useBeta1 = groups.every(({ betas }) => betas);
  const hasMomentum = useBeta1 || groups.every(({ momentum }) => momentum !== undefined);
  must(where, "cycleMomentum", () => !hasMomentum && "false for an optimizer without momentum or betas", cycleMomentum);
  const baseMomentums = valuePerGroup(where, "baseMomentum", options.baseMomentum, optimizer);
  const maxMomentums = valuePerGroup(where, "maxMomentum", options.maxMomentum, optimizer);
  if (options.lastEpoch < 0) {
    groups.forEach((group, index) => {
      group.maxMomentum = maxMomentums[index] ?? Number.NaN;
      group.baseMomentum = baseMomentums[index] ?? Number.NaN;
      writeMomentum(group, group.maxMomentum);
    });
  }
  return { cycleMomentum, useBeta1, baseMomentums, maxMomentums };
}

export function writeMomentum(group: ScheduledGroup, momentum: number): void {
  if (group.betas) group.betas = [momentum, ...group.betas.slice(1)];
  else group.momentum = momentum;
}
