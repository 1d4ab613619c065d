/** The layout of a sparse tensor, by its name in Python. */
export class Layout {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}
