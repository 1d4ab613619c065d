// What the types of Python make of their arguments that a pickle writes as calls.

import { Complex } from "./complex.ts";
import { PickleProblem } from "./pickle-problem.ts";
import { OrderedDict } from "./pickle-world.ts";
import { PythonBytes } from "./python-bytes.ts";
import { checkHashable } from "./read-pickle.ts";

/** `OrderedDict()`, `Counter({...})`, and of Python 2 `OrderedDict([[key, value], ...])` */
export function orderedDict(items: unknown): OrderedDict {
  const dict = new OrderedDict();
  if (items === undefined) return dict;
  if (!Array.isArray(items) && !(items instanceof Map)) throw new PickleProblem("an OrderedDict of no items");
  for (const pair of items) {
    if (!Array.isArray(pair) || pair.length !== 2) throw new PickleProblem("an item of an OrderedDict is no pair");
    checkHashable(pair[0]);
    dict.set(pair[0], pair[1]);
  }
  return dict;
}

/** `set([...])` */
export function set(items: unknown = []): Set<unknown> {
  if (!Array.isArray(items)) throw new PickleProblem("a set of no list");
  for (const item of items) checkHashable(item);
  return new Set(items);
}

/** Text whose characters are the bytes, as pickles before protocol 3 have them. */
export function bytes(text: unknown = ""): PythonBytes {
  if (text instanceof PythonBytes) return text;
  if (typeof text !== "string") throw new PickleProblem("bytes that are no text");
  const made = new Uint8Array(text.length);
  for (let i = 0; i < made.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0xff) throw new PickleProblem("bytes that are not in latin1");
    made[i] = code;
  }
  return new PythonBytes(made);
}

/** `complex(re, im)` */
export function complex(re: unknown, im: unknown): Complex {
  if (typeof re === "number" && typeof im === "number") return new Complex(re, im);
  throw new PickleProblem("a complex number that is not made of two floats");
}
