/**
 * Undo deflate.
 *
 * @param size - how many bytes come out, which bounds what is allocated
 * @returns undefined if other than `size` bytes come out, or the input is damaged
 */
export async function inflate(deflated: Uint8Array, size: number): Promise<Uint8Array | undefined> {
  const inflated = new Uint8Array(size);
  let length = 0;
  try {
    const input = new Blob([deflated.slice()]).stream();
    const reader = input.pipeThrough(new DecompressionStream("deflate-raw")).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return length === size ? inflated : undefined;
      if (length + value.length > size) {
        await reader.cancel();
        return undefined;
      }
      inflated.set(value, length);
      length += value.length;
    }
  } catch {
    return undefined;
  }
}
