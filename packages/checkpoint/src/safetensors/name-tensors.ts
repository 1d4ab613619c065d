import { quoted } from "../shown.ts";
import { type TensorValue, tensorToSave } from "../tensors/tensor-to-save.ts";
import { type NamedTensor, namedTensor } from "./plan-file.ts";

/** Tensors by name: a `stateDict()`, a Map, or an object. */
export type NamedTensors = Iterable<readonly [string, TensorValue]> | Readonly<Record<string, TensorValue>>;

/**
 * The tensors that a user hands in.
 *
 * @throws {TypeError | RangeError} if one is no tensor, or the format has no place for it
 */
export function nameTensors(where: string, tensors: NamedTensors): NamedTensor[] {
  if (typeof tensors !== "object" || tensors === null) {
    throw new TypeError(`${where}: the tensors are ${String(tensors)}. Give a Map or an object of tensors by name.`);
  }
  const entries = Symbol.iterator in tensors ? tensors : Object.entries(tensors);
  const named = new Map<string, NamedTensor>();
  for (const [name, value] of entries) {
    requireText(where, "the name", name);
    if (name === "__metadata__") {
      throw new TypeError(
        `${where}: no tensor can be called __metadata__, which the format keeps for itself. Rename it.`,
      );
    }
    if (named.has(name)) throw new TypeError(`${where}: there are two tensors called ${quoted(name)}. Rename one.`);
    const tensor = tensorToSave(value, `${where}: ${quoted(name)}`);
    if (!tensor) {
      throw new TypeError(
        `${where}: ${quoted(name)} is ${described(value)}, and a safetensors file holds tensors only. Save other things with savePt.`,
      );
    }
    named.set(name, namedTensor(where, name, tensor));
  }
  return [...named.values()];
}

/** What a writer may note: text by name. */
export type Metadata = Readonly<Record<string, string>> | ReadonlyMap<string, string>;

/** @throws {TypeError} if one of them is no text */
export function checkedMetadata(where: string, metadata: Metadata): ReadonlyMap<string, string> {
  const texts = new Map<string, string>(metadata instanceof Map ? metadata : Object.entries(metadata));
  for (const [key, value] of texts) {
    requireText(where, "a key of metadata", key);
    requireText(where, `metadata ${quoted(key)}`, value);
  }
  return texts;
}

function requireText(where: string, what: string, value: unknown): void {
  if (typeof value !== "string") {
    throw new TypeError(
      `${where}: ${what} must be a string, got ${described(value)}. Turn it into text, with JSON.stringify perhaps.`,
    );
  }
  if (/\p{Surrogate}/u.test(value)) {
    throw new TypeError(
      `${where}: ${what} ${quoted(value)} has half of a surrogate pair, which no file can hold. Mend it with toWellFormed().`,
    );
  }
}

const described = (value: unknown): string =>
  typeof value === "object" && value !== null ? `an object of ${value.constructor?.name ?? "no class"}` : String(value);
