import { Module } from "./module.ts";

/** A module as text: its class, its arguments, and the modules inside. */
export function show(name: string, args: string, members: Iterable<readonly [string, unknown]>): string {
  const runs: { first: string; last: string; count: number; text: string }[] = [];
  for (const [key, member] of members) {
    if (!(member instanceof Module)) continue;
    const text = member.toString();
    const before = runs.at(-1);
    if (before?.text === text && Number(key) === Number(before.last) + 1) {
      before.last = key;
      before.count++;
    } else runs.push({ first: key, last: key, count: 1, text });
  }
  const lines = runs.map(({ first, last, count, text }) =>
    count === 1 ? `(${first}): ${text}` : `(${first}-${last}): ${count} x ${text}`,
  );
  if (lines.length === 0) return `${name}(${args})`;
  return `${name}(${args}\n${lines.map((line) => `  ${line.replaceAll("\n", "\n  ")}`).join("\n")}\n)`;
}
