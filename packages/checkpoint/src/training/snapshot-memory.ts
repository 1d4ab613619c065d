import { sharedMemory } from "../bytes/write-thread.ts";

/**
 * Memory that snapshots are copied into, and that threads can write from, kept from one to the next: to write into memory that was used before takes a tenth of the time that
 * memory fresh from the system takes.
 */
export class SnapshotMemory {
  #free = new Map<number, Uint8Array[]>();
  #taken: Uint8Array[] = [];

  /** Memory of so many bytes, with whatever is in it. */
  take(byteLength: number): Uint8Array {
    const bytes = this.#free.get(byteLength)?.pop() ?? sharedMemory(byteLength);
    this.#taken.push(bytes);
    return bytes;
  }

  /** It was not needed after all. */
  giveBack(bytes: Uint8Array): void {
    this.#taken = this.#taken.filter((each) => each !== bytes);
  }

  /** Nobody reads any more what was taken: the next snapshot may have it. What this one had no use for is given up. */
  release(): void {
    this.#free = new Map();
    for (const bytes of this.#taken) {
      const sameLength = this.#free.get(bytes.length);
      if (sameLength) sameLength.push(bytes);
      else this.#free.set(bytes.length, [bytes]);
    }
    this.#taken = [];
  }
}
