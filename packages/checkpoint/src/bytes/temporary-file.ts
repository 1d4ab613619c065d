const pattern = /\.(\d+)\.[a-z0-9]{1,8}\.tmp$/;

/** A name beside `path` that no other writer takes: another process, or this one at the same time, may be writing the same file. */
export const temporaryPath = (path: string): string =>
  `${path}.${process.pid}.${Math.random().toString(36).slice(2, 10) || "0"}.tmp`;

/** The process that made a temporary file, by the file's name; null if it is no temporary file. */
export function writerOf(name: string): number | null {
  const id = pattern.exec(name)?.[1];
  return id === undefined ? null : Number(id);
}
