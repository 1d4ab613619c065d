/** @throws {TypeError} if there is an option of another name */
export function checkOptionNames(where: string, options: object, names: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (names.includes(name)) continue;
    throw new TypeError(`${where}: there is no option ${name}. The options are ${names.join(", ")}.`);
  }
}
