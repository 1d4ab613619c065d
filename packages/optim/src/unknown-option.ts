const plain = (name: string): string => name.replaceAll("_", "").toLowerCase();

/** `lr` of `learningRate` and of `learning_rate`. */
const initials = (name: string): string => (name.match(/^[a-z]|[A-Z]|(?<=_)[a-z]/g) ?? []).join("").toLowerCase();

/** Levenshtein's distance: how many letters to put in, leave out or exchange. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const exchanged = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(exchanged, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** How far `name` is from what was probably meant: another spelling (`weight_decay`), a longer or shorter form (`epsilon`, `wd`), or a slip. */
function farness(name: string, known: string): number {
  const [a, b] = [plain(name), plain(known)];
  const isPart = Math.min(a.length, b.length) > 2 && (a.startsWith(b) || b.startsWith(a));
  if (a === b || isPart || initials(name) === b || initials(known) === a) return 0;
  const slips = distance(a, b);
  return 3 * slips <= b.length ? slips : Number.POSITIVE_INFINITY;
}

/** @throws {TypeError} if one of the `given` names is no option; where it looks like one, the message says which */
export function refuseUnknownOptions(where: string, given: readonly string[], known: readonly string[]): void {
  const [name] = given;
  if (name === undefined) return;
  const others = known.filter((option) => option !== name);
  const nearest = others.toSorted((a, b) => farness(name, a) - farness(name, b))[0];
  const hint =
    nearest !== undefined && Number.isFinite(farness(name, nearest))
      ? `Did you mean ${nearest}?`
      : `The options are ${others.join(", ")}.`;
  throw new TypeError(`${where}: there is no option ${name}. ${hint}`);
}
