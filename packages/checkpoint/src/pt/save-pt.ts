import { MemorySink } from "../bytes/memory-sink.ts";
import { pathOrUrl } from "../bytes/path-or-url.ts";
import { type Target, writeTarget } from "../bytes/write-target.ts";
import { CheckpointError } from "../checkpoint-error.ts";
import { alignment, ZipWriter } from "../zip/zip-writer.ts";
import { type PickledValue, pickleValue } from "./pickle-value.ts";

/**
 * Save a value as `torch.save` does, into a file that `torch.load(path)` opens.
 *
 * Tensors, typed arrays and `{ shape, data }` become tensors; plain objects and Maps dicts, arrays lists; the rest is in the README's table.
 * The file appears whole or not at all. One tensor at a time is in memory besides the value itself.
 *
 * @param value - what `loadPt` gives, state dicts, plain data
 * @param target - a path or `file:` URL, or whatever takes bytes
 * @throws {CheckpointError} if something in the value has no place in a file, which is named by its path in the value; if the file cannot be
 * written
 * @example
 * const model_state_dict = { weight: { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }, bias: Float32Array.of(0, 0) };
 * await savePt({ model_state_dict, epoch: 3 }, "checkpoint.pt");
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.save.html | torch.save}
 */
export async function savePt(value: unknown, target: Target): Promise<void> {
  const file = nameOf(target);
  await writePickled(pickleValue(value, file), target);
}

/** Write what was pickled. */
export async function writePickled({ pickle, storages }: PickledValue, target: Target): Promise<void> {
  const file = nameOf(target);
  await writeTarget(target, async (sink) => {
    const zip = new ZipWriter(sink, folderOf(target));
    const addText = (name: string, text: string) => zip.add(name, new TextEncoder().encode(text));
    await zip.add("data.pkl", pickle);
    await addText(".format_version", "1");
    await addText(".storage_alignment", `${alignment}`);
    await addText("byteorder", "little");
    for (const { key, byteLength, read } of storages) {
      const bytes = await read();
      if (bytes.length !== byteLength) {
        throw new CheckpointError(
          file,
          `data/${key}: a tensor of ${byteLength} bytes gave ${bytes.length}`,
          "Its data must be as long as its shape says until it is saved.",
        );
      }
      await zip.add(`data/${key}`, bytes);
    }
    await addText("version", "3\n");
    await addText(".data/serialization_id", zip.serializationId());
    await zip.finish();
  });
}

/**
 * A value as the bytes of a `.pt` file: to upload, to keep in a store, to send.
 *
 * @throws {CheckpointError} if something in the value has no place in a file
 * @example
 * const bytes = await encodePt({ epoch: 3, loss: 0.25 });
 * await loadPt(bytes); // => { epoch: 3, loss: 0.25 }
 */
export async function encodePt(value: unknown): Promise<Uint8Array<ArrayBuffer>> {
  const sink = new MemorySink();
  await savePt(value, sink);
  return sink.bytes();
}

const nameOf = (target: Target): string =>
  typeof target === "string" || target instanceof URL ? String(pathOrUrl(target)) : "these bytes";

/** The folder in the archive: the file's name without its last extension. PyTorch, too, writes names that are not ASCII as `archive`. */
function folderOf(target: Target): string {
  if (typeof target !== "string" && !(target instanceof URL)) return "archive";
  const name = nameOf(target)
    .replace(/^.*[/\\]/s, "")
    .replace(/\.[^.]*$/, "");
  return /^[\x20-\x7e]+$/.test(name) ? name : "archive";
}
