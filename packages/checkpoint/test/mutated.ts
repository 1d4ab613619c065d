import fc from "fast-check";

/** A change of a file: where, as a part of its length, and what. */
const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  // Headers are at the beginning, and more sensitive.
  near: fc.boolean(),
  kind: fc.constantFrom("flip", "flip", "set", "set", "insert", "remove", "repeat", "cut"),
  value: fc.nat(255),
  length: fc.nat(16),
});

/** `bytes` with one to three changes: bits flipped, bytes set, put in, left out or doubled, the end cut off. */
export const mutated = (bytes: Uint8Array): fc.Arbitrary<Uint8Array> =>
  fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => {
    let result = [...bytes];
    for (const { at, near, kind, value, length } of changes) {
      const place = Math.floor(at * (near ? Math.min(result.length, 64) : result.length));
      if (kind === "flip") result[place] = (result[place] ?? 0) ^ (1 << (value % 8));
      else if (kind === "set") result[place] = value;
      else if (kind === "insert") result.splice(place, 0, value);
      else if (kind === "remove") result.splice(place, length);
      else if (kind === "repeat") result.splice(place, 0, ...result.slice(place, place + length));
      else result = result.slice(0, place);
    }
    return Uint8Array.from(result);
  });
