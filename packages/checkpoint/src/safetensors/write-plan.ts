import type { ByteSink } from "../bytes/byte-sink.ts";
import type { FilePlan } from "./plan-file.ts";

/** Write a file: each tensor is read when its turn comes, and let go of when it is written. */
export async function writePlan({ header, tensors }: FilePlan, sink: ByteSink): Promise<void> {
  await sink.write(header);
  for (const { tensor } of tensors) {
    const bytes = await tensor.read();
    if (bytes.length > 0) await sink.write(bytes);
  }
}
