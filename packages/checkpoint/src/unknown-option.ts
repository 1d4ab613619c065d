/**
 * @param known - the names of the options there are
 * @throws {TypeError} if `options` has another, which says the one that was likely meant
 */
export function refuseUnknownOptions(where: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const pairs = (name: string): string[] =>
    [...name.toLowerCase()].map((letter, i) => letter + (name[i + 1] ?? "").toLowerCase());
  const likeness = (name: string): number => pairs(name).filter((pair) => pairs(unknown).includes(pair)).length;
  const likeliest = known.toSorted((a, b) => likeness(b) - likeness(a))[0] ?? "";
  const hint = likeness(likeliest) > 0 ? `Did you mean ${likeliest}?` : `The options are ${known.join(", ")}.`;
  throw new TypeError(`${where}: there is no option ${unknown}. ${hint}`);
}
