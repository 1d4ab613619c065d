import type { ByteSink } from "../bytes/byte-sink.ts";
import type { ByteSource } from "../bytes/byte-source.ts";
import { checkRange } from "../bytes/bytes-source.ts";
import { CheckpointError } from "../checkpoint-error.ts";
import { requestOf, transactionOf } from "./indexed-db.ts";

/** A file lies in pieces of so many bytes, so that a read of a few brings in no more than one. */
const pieceSize = 2 ** 20;

/** What is known of a file; its pieces are under `[id, 0]`, `[id, 1]`... */
export interface PiecedFile {
  readonly id: string;
  readonly size: number;
}

export const piecesOf = (id: string): IDBKeyRange => IDBKeyRange.bound([id, 0], [id, Number.MAX_SAFE_INTEGER]);

/** Cuts what is written into pieces, each stored by a transaction of its own: one does not live over other waiting. */
export class PieceWriter implements ByteSink {
  readonly #base: IDBDatabase;
  readonly #id: string;
  readonly #piece = new Uint8Array(pieceSize);
  #filled = 0;
  #count = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(base: IDBDatabase, id: string) {
    this.#base = base;
    this.#id = id;
  }

  write(bytes: Uint8Array): Promise<void> {
    this.#last = this.#last.then(() => this.#append(bytes));
    return this.#last;
  }

  /** Store what is left. @returns the size of the file */
  async end(): Promise<number> {
    await this.#last;
    const size = this.#count * pieceSize + this.#filled;
    if (this.#filled > 0) await this.#store();
    return size;
  }

  async #append(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const part = bytes.subarray(done, done + pieceSize - this.#filled);
      this.#piece.set(part, this.#filled);
      this.#filled += part.length;
      done += part.length;
      if (this.#filled === pieceSize) await this.#store();
    }
  }

  async #store(): Promise<void> {
    const transaction = this.#base.transaction("pieces", "readwrite");
    transaction.objectStore("pieces").put(this.#piece.slice(0, this.#filled), [this.#id, this.#count]);
    this.#count++;
    this.#filled = 0;
    await transactionOf(transaction);
  }
}

/** The pieces as the file that they are. */
export function pieceSource(name: string, base: IDBDatabase, { id, size }: PiecedFile): ByteSource {
  const pieceAt = async (index: number): Promise<Uint8Array> => {
    const piece: unknown = await requestOf(base.transaction("pieces").objectStore("pieces").get([id, index]));
    if (piece instanceof Uint8Array) return piece;
    throw new CheckpointError(name, `its piece ${index} is gone`, "It was removed or replaced while it was read.");
  };
  const source: ByteSource = {
    name,
    size,
    chunkSize: pieceSize,
    async read(offset, length) {
      checkRange(source, offset, length);
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length; ) {
        const [index, start] = [Math.floor((offset + done) / pieceSize), (offset + done) % pieceSize];
        const part = (await pieceAt(index)).subarray(start, start + length - done);
        bytes.set(part, done);
        done += part.length;
      }
      return bytes;
    },
    close: async () => {},
  };
  return source;
}
