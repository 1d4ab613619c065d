/** What a pickle may speak of besides plain values. Its functions throw a `PickleProblem` at what they do not know. */
export interface PickleWorld {
  /** What a name of Python stands for: a value, or a `PickleFunction`. */
  global(module: string, name: string): unknown;
  /** What an id stands for that the pickle refers to by BINPERSID. */
  persistent(id: unknown): unknown;
}

/** What a name stands for that can be called. Calling it makes a value of ours and runs nothing of Python. */
export class PickleFunction {
  /** As Python calls it: `torch._utils._rebuild_tensor_v2`. */
  readonly name: string;
  readonly call: (args: readonly unknown[]) => unknown;

  constructor(name: string, call: (args: readonly unknown[]) => unknown) {
    this.name = name;
    this.call = call;
  }
}

/** A dict of one of Python's classes that, other than `dict`, may carry attributes. */
export class OrderedDict extends Map<unknown, unknown> {}
