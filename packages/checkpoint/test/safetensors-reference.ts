import { readFileSync } from "node:fs";

/** A number as JSON has it: infinities, NaN, -0 and large integers are text, complex numbers pairs. */
type Value = number | string | boolean | readonly Value[];

/** A file of the Python package, and what is in it. */
export interface WrittenFile {
  readonly title: string;
  readonly bytes: Uint8Array;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: readonly (readonly [
    string,
    { readonly dtype: string; readonly shape: readonly number[]; readonly values: readonly Value[] },
  ])[];
}

interface Recorded {
  readonly files: readonly (Omit<WrittenFile, "bytes"> & { readonly file: string })[];
  readonly refused: readonly { readonly title: string; readonly file: string; readonly package: string | null }[];
  readonly allowed: readonly { readonly title: string; readonly file: string }[];
  readonly widened: Readonly<Record<string, string | readonly Value[]>>;
  readonly narrowed: Readonly<Record<"float16" | "bfloat16", string>>;
}

const url = new URL("../reference/safetensors.json", import.meta.url);
const { files, refused, allowed, widened, narrowed } = JSON.parse(readFileSync(url, "utf8")) as Recorded;

const withBytes = <T extends { readonly file: string }>(rows: readonly T[]): readonly (T & { bytes: Uint8Array })[] =>
  rows.map((row) => ({ ...row, bytes: new Uint8Array(Buffer.from(row.file, "base64")) }));

/** Recorded by reference/generate_safetensors.py. */
export const reference = {
  files: withBytes<Recorded["files"][number]>(files) satisfies readonly WrittenFile[],
  /** Files that we refuse; `package` is what the Python package says, or null where only the text of the format refuses them. */
  refused: withBytes(refused),
  /** Unusual files that are right. */
  allowed: withBytes(allowed),
  widened,
  narrowed,
};

/** The recorded values as `SavedTensor.data` has them. */
export const toNumbers = (dtype: string, values: readonly Value[]): (number | bigint)[] =>
  values.flat(1).map((value) => (dtype.endsWith("int64") ? BigInt(String(value)) : Number(value)));
