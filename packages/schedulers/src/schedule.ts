/** A learning rate as a function of the step, which counts from 0. Any step may be asked for, in any order. */
export type Schedule = (step: number) => number;

/** The options of a schedule as a function, which has no optimizer to take its rate from. */
export type ScheduleOptions<Options> = Options & {
  /** The rate that the schedule starts from. */
  lr: number;
};
