/** Something that holds what is to be written before the process ends. */
export interface Drainable {
  drainAtExit(): void;
}

// Global because a process ends once: all open files share the one listener.
const open = new Set<Drainable>();

/** Drains `file` when the process ends by itself, by `process.exit` or by an error that nobody caught. */
export function drainAtExit(file: Drainable): void {
  if (typeof process === "undefined" || typeof process.on !== "function") return;
  if (open.size === 0) process.on("exit", drainAll);
  open.add(file);
}

/** Forgets `file`, which is closed. */
export function closedBeforeExit(file: Drainable): void {
  if (open.delete(file) && open.size === 0) process.off("exit", drainAll);
}

function drainAll(): void {
  for (const file of open) file.drainAtExit();
}
