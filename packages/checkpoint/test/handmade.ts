import { MemorySink } from "../src/bytes/memory-sink.ts";
import { ZipWriter } from "../src/zip/zip-writer.ts";

/** Text whose characters are bytes. */
export const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, "latin1"));

/** The opcodes of a string. */
export const pickled = (text: string): string => `X${String.fromCharCode(text.length)}\0\0\0${text}`;

/** The opcodes of a tensor in storage "0", whose class, size in elements and geometry are opcodes or numbers below 256. */
export function pickledTensor({
  storage = "ctorch\nFloatStorage\n",
  numel = 4,
  offset = "K\0",
  size = "K\x04\x85",
  stride = "K\x01\x85",
}: {
  storage?: string;
  numel?: number;
  offset?: string;
  size?: string;
  stride?: string;
} = {}): string {
  const id = `(${pickled("storage")}${storage}${pickled("0")}${pickled("cpu")}K${String.fromCharCode(numel)}tQ`;
  return `ctorch._utils\n_rebuild_tensor_v2\n(${id}${offset}${size}${stride}\x89ccollections\nOrderedDict\n)RtR`;
}

/** An archive as PyTorch's, of the pickle with these opcodes. */
export async function archiveOf(
  pickle: string,
  files: Record<string, string | undefined> = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const sink = new MemorySink();
  const zip = new ZipWriter(sink, "archive");
  const all = {
    "data.pkl": `\x80\x02${pickle}.`,
    byteorder: "little",
    "data/0": "\0".repeat(16),
    version: "3\n",
    ...files,
  };
  for (const [name, text] of Object.entries(all)) if (text !== undefined) await zip.add(name, bytesOf(text));
  await zip.finish();
  return sink.bytes();
}
