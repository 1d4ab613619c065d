/** Where this package's own files are, so that stack frames inside can be told from the user's. */
const ownFolder = new URL("..", import.meta.url).href;

/** The innermost line of the stack that is not ours, as `file:line:column`, or null. */
export function userFrame(error: Error): string | null {
  for (const line of (error.stack ?? "").split("\n").slice(1)) {
    const place = /\(?((?:file:|https?:|\/|[A-Za-z]:\\)[^\s)]+:\d+:\d+)\)?$/.exec(line)?.[1];
    if (!place || place.startsWith("node:")) continue;
    const inside = place.startsWith(ownFolder) || place.startsWith(ownFolder.replace("file://", ""));
    if (!inside || /\.test\.[jt]s:/.test(place)) return place.replace(/^file:\/\//, "");
  }
  return null;
}
