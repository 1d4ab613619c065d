/** What is wrong with a pickle, before it is known in which file. */
export class PickleProblem extends Error {
  override readonly name = "PickleProblem";
  /** What the reader of the message can do about it. */
  readonly mend: string;

  constructor(what: string, mend = "No torch.save writes this: the file is damaged.") {
    super(what);
    this.mend = mend;
  }
}

/** The bytes end before the pickle does. */
export class PickleCutShort extends PickleProblem {
  constructor() {
    super("the pickle is cut short", "Copy or download the file again.");
  }
}
