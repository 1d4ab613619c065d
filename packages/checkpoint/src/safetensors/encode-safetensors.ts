import type { ByteSink } from "../bytes/byte-sink.ts";
import { refuseUnknownOptions } from "../unknown-option.ts";
import { checkedMetadata, type Metadata, type NamedTensors, nameTensors } from "./name-tensors.ts";
import { planFile } from "./plan-file.ts";
import { writePlan } from "./write-plan.ts";

export interface EncodeSafetensorsOptions {
  /**
   * What to note beside the tensors: text by name. The default tells Hugging Face's libraries that the tensors are laid out as PyTorch's are.
   *
   * @defaultValue { format: "pt" }
   */
  readonly metadata?: Metadata;
}

/**
 * Tensors as the bytes of a safetensors file: to download from a page, or to send. To write a file, `saveSafetensors` takes less memory.
 *
 * @param tensors - by name: a `stateDict()`, a Map, or an object of typed arrays, of `{ shape, data }`, or of tensors of any library
 * @throws {TypeError | RangeError} if a value is no whole tensor, or of a dtype that the format does not have, or a name or metadata no text
 * @example
 * const bytes = await encodeSafetensors({ weight: new Float32Array([1, 2]) });
 * (await loadSafetensors(bytes)).get("weight")?.data; // => Float32Array [1, 2]
 */
export async function encodeSafetensors(
  tensors: NamedTensors,
  options: EncodeSafetensorsOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const where = "encodeSafetensors";
  refuseUnknownOptions(where, options, ["metadata"]);
  const { metadata = { format: "pt" } } = options;
  const plan = planFile(where, nameTensors(where, tensors), checkedMetadata(where, metadata));
  const bytes = new Uint8Array(plan.byteLength);
  let offset = 0;
  const sink: ByteSink = {
    async write(chunk) {
      bytes.set(chunk, offset);
      offset += chunk.length;
    },
  };
  await writePlan(plan, sink);
  return bytes;
}
