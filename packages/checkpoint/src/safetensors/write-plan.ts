import type { ByteSink } from "../bytes/byte-sink.ts";
import { quoted } from "../shown.ts";
import type { FilePlan } from "./plan-file.ts";

/** Write a file: each tensor is read when its turn comes, and let go of when it is written. */
export async function writePlan({ header, tensors }: FilePlan, sink: ByteSink): Promise<void> {
  await sink.write(header);
  for (const { name, tensor } of tensors) {
    const bytes = await tensor.read();
    if (bytes.length !== tensor.byteLength) {
      throw new RangeError(
        `${quoted(name)} has ${bytes.length} bytes, and its shape [${tensor.shape.join(", ")}] takes ${tensor.byteLength}. A tensor must be whole, and stay as it is while it is saved.`,
      );
    }
    if (bytes.length > 0) await sink.write(bytes);
  }
}
