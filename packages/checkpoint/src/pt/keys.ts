/** Does an object put this key before its others, as if it were the index of a list? */
export const isWholeNumberKey = (key: string): boolean => /^(0|[1-9]\d*)$/.test(key);

/** `optimizer.state[0].exp_avg`: how messages name a place in a value. */
export function joinPath(path: string, key: unknown): string {
  if (typeof key !== "string") return `${path}[${typeof key === "object" ? "…" : String(key)}]`;
  if (!/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}
