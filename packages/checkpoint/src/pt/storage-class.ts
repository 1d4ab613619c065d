import type { PickleProblem } from "../pickle/pickle-problem.ts";
import type { DType } from "../tensors/dtype.ts";

/** A class of storages, by which a pickle says of what dtype their elements are. */
export class StorageClass {
  /** undefined: an `UntypedStorage`, whose size is in bytes. */
  readonly dtype: DType | undefined;
  /** Why its storages cannot be read. */
  readonly problem: PickleProblem | undefined;

  constructor(dtype: DType | undefined, problem?: PickleProblem) {
    this.dtype = dtype;
    this.problem = problem;
  }
}
