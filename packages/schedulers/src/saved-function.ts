/** What a state dict keeps of a function: nothing, or what was assigned to it. */
export const attributesOf = (callable: object): object | null =>
  Object.keys(callable).length > 0 ? { ...callable } : null;

/** Give a function back what `attributesOf` kept, as far as it has something of that name to replace. */
export function restoreAttributes(callable: object, saved: object | null | undefined): void {
  for (const name of Object.keys(callable)) {
    if (saved && Object.hasOwn(saved, name)) Reflect.set(callable, name, Reflect.get(saved, name));
  }
}
