import { Tensor } from "@anneal/tensor";
import type { Module } from "../../module/module.ts";

/** Multiply-accumulate operations: each step of each sequence uses every matrix once. */
export function macsOfSteps(module: Module, x: unknown, inputSize: number): number {
  const matrices = [...module.parameters()].filter(({ ndim }) => ndim === 2);
  const steps = x instanceof Tensor ? x.numel / inputSize : 0;
  return matrices.reduce((sum, { numel }) => sum + numel * steps, 0);
}
