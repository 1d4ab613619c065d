/** A learning rate as a function of the step, which counts from 0. Any step may be asked for, in any order. */
export type Schedule = (step: number) => number;
