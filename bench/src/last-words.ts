/** The line that names the error in what a process wrote to its standard error, as Node and Python print it. */
export function lastWords(complaints: string): string {
  const lines = complaints.split("\n").filter((line) => line.trim() !== "");
  return (
    lines.findLast((line) => /^\s*\w*(Error|Exception)\b/.test(line))?.trim() ?? lines.at(-1)?.trim() ?? "no message"
  );
}
