import { CheckpointError } from "../checkpoint-error.ts";
import { quoted } from "../shown.ts";

// Nothing that is looked for lies deeper than two levels; what a newer writer adds may lie somewhat deeper.
const deepest = 64;

/**
 * Reads JSON from a file that nobody vouches for, value by value: the caller says what must come next, and everything else is an error with
 * its place. Stricter than `JSON.parse`, which takes the last of several equal keys and cannot tell 2.0 from 2; no object is built, so that no
 * key can harm.
 */
export class JsonScanner {
  readonly #text: string;
  readonly #file: string;
  readonly #part: string;
  #at = 0;
  #depth = 0;

  /**
   * @param file - what messages call the file
   * @param part - what messages call the text: `header`
   */
  constructor(text: string, file: string, part: string) {
    this.#text = text;
    this.#file = file;
    this.#part = part;
  }

  /** An object: `onValue` must take the value of each key. */
  object(onValue: (key: string) => void): void {
    const keys = new Set<string>();
    this.#list("{", "}", () => {
      const at = this.#at;
      const key = this.string();
      if (keys.has(key)) this.fail(`${quoted(key)} is there twice`, at);
      keys.add(key);
      this.#take(":");
      onValue(key);
    });
  }

  /** An array: `onValue` must take each value. */
  array(onValue: () => void): void {
    this.#list("[", "]", onValue);
  }

  string(): string {
    this.#skipSpace();
    const start = this.#at;
    if (this.#text[start] !== '"') this.fail("a string must be here");
    let end = start;
    do end = this.#text.indexOf('"', end + 1);
    while (end > 0 && this.#isEscaped(end));
    if (end < 0) this.fail("the string that begins here has no end");
    this.#at = end + 1;
    const value = this.#parsed(start);
    if (typeof value !== "string" || /\p{Surrogate}/u.test(value)) this.fail("this is no valid string", start);
    return value;
  }

  /** A whole number from 0 on, in digits alone, that JavaScript's numbers hold exactly. */
  count(): number {
    this.#skipSpace();
    const start = this.#at;
    const digits = this.#literal();
    if (!/^(0|[1-9]\d*)$/.test(digits)) this.fail("a whole number from 0 must be here, in digits alone", start);
    const value = Number(digits);
    if (!Number.isSafeInteger(value)) this.fail("this number is beyond 2^53, more than a file can have", start);
    return value;
  }

  /** Is `null` next? Then it is taken. */
  takeNull(): boolean {
    this.#skipSpace();
    if (!this.#text.startsWith("null", this.#at)) return false;
    this.#at += 4;
    return true;
  }

  /** Any value, which is only checked. */
  skip(): void {
    this.#skipSpace();
    const start = this.#at;
    const first = this.#text[start];
    if (first === "{") this.object(() => this.skip());
    else if (first === "[") this.array(() => this.skip());
    else if (first === '"') this.string();
    else {
      this.#literal();
      this.#parsed(start);
    }
  }

  /**
   * Nothing may follow.
   *
   * @param padding - but these characters
   */
  end(padding = " \t\n\r"): void {
    while (this.#at < this.#text.length && padding.includes(this.#text[this.#at] as string)) this.#at++;
    if (this.#at < this.#text.length) this.fail("the end must be here");
  }

  /** @throws {CheckpointError} that names this place, or the place `at` */
  fail(what: string, at = this.#at): never {
    throw new CheckpointError(
      this.#file,
      `${this.#part}, character ${at}: ${what}`,
      "It is damaged, or made by a faulty program: get it again from where it was made.",
    );
  }

  #list(open: string, close: string, onItem: () => void): void {
    this.#take(open);
    if (++this.#depth > deepest) this.fail(`it is nested deeper than ${deepest} levels`);
    this.#skipSpace();
    if (this.#text[this.#at] === close) this.#at++;
    else {
      onItem();
      while (this.#takeOneOf(",", close) === ",") onItem();
    }
    this.#depth--;
  }

  #take(wanted: string): void {
    this.#skipSpace();
    if (this.#text[this.#at] !== wanted) this.fail(`${wanted} must be here`);
    this.#at++;
  }

  #takeOneOf(one: string, other: string): string {
    this.#skipSpace();
    const found = this.#text[this.#at];
    if (found !== one && found !== other) this.fail(`${one} or ${other} must be here`);
    this.#at++;
    return found;
  }

  /** A number, `true`, `false` or `null`, or what stands in its place. */
  #literal(): string {
    const literal = /[^\s,:[\]{}"]*/y;
    literal.lastIndex = this.#at;
    const [found = ""] = literal.exec(this.#text) ?? [];
    this.#at += found.length;
    return found;
  }

  #parsed(start: number): unknown {
    try {
      return JSON.parse(this.#text.slice(start, this.#at));
    } catch {
      return this.fail("this is no valid JSON", start);
    }
  }

  #isEscaped(quote: number): boolean {
    let backslashes = 0;
    while (this.#text[quote - 1 - backslashes] === "\\") backslashes++;
    return backslashes % 2 === 1;
  }

  #skipSpace(): void {
    for (;;) {
      const character = this.#text.charCodeAt(this.#at);
      if (character !== 0x20 && character !== 0x0a && character !== 0x0d && character !== 0x09) return;
      this.#at++;
    }
  }
}
