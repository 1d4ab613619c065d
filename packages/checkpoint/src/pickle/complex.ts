/**
 * A `complex` of Python.
 *
 * @example
 * const z = (await loadPt(await encodePt(new Complex(1, -2)))) as Complex;
 * [z.re, z.im]; // => [1, -2]
 */
export class Complex {
  readonly re: number;
  readonly im: number;

  constructor(re: number, im: number) {
    this.re = re;
    this.im = im;
  }
}
