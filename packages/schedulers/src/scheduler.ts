import type { HasParamGroups } from "./has-param-groups.ts";

/** What every scheduler does that counts epochs, and what a SequentialLR or a ChainedScheduler needs of those it is made of. */
export interface Scheduler {
  readonly optimizer: HasParamGroups;
  /** Epochs done; 0 right after construction. */
  lastEpoch: number;
  /** Make the step that puts the groups at the first epoch, starting from the rates they have. Construction ends with it. */
  initialStep(): void;
  /** Advance one epoch and write the groups' rates. Call it after `optimizer.step()`. */
  step(): void;
  /** Go to any epoch: the groups get the rates that an uninterrupted run has there, whatever they have now. */
  seek(epoch: number): void;
  /** The rate of each group at any epoch of an uninterrupted run. Changes nothing. */
  lrsAt(epoch: number): number[];
  /** The rates at `epoch` of groups whose rates at the epoch before are `lrs`. Changes nothing. */
  nextLrs(lrs: readonly number[], epoch: number): number[];
  /** The rates this scheduler wrote last, one for each group. */
  getLastLr(): number[];
  /** Everything that continues the schedule elsewhere, as plain data under PyTorch's keys. The optimizer's own rate is not part of it. */
  stateDict(): object;
  /** Take over a saved state. Does not touch the optimizer's rate: load the optimizer's state for that, and load it last. */
  loadStateDict(state: object): void;
}
