import { PickleProblem } from "../pickle/pickle-problem.ts";
import { PickleFunction } from "../pickle/pickle-world.ts";
import { kindOf } from "../pickle/read-pickle.ts";
import type { Tuple } from "../pickle/tuple.ts";
import { elementTypes } from "../tensors/dtype.ts";
import { SavedTensor } from "../tensors/saved-tensor.ts";
import { isWholeNumberKey } from "./keys.ts";
import { Layout } from "./layout.ts";
import { maxNesting } from "./limits.ts";
import { StorageClass } from "./storage-class.ts";
import { StorageReference } from "./storages.ts";

/**
 * What a pickle gave, as its reader gets it: dicts that can be objects are objects, without a prototype, as `__proto__` is a legal key. What is
 * one object in the pickle stays one.
 *
 * @throws {PickleProblem} if something in it is no value
 */
export function toValue(pickled: unknown): unknown {
  return new Conversion().convert(pickled, 0);
}

class Conversion {
  readonly #done = new Map<object, unknown>();

  convert(pickled: unknown, depth: number): unknown {
    if (typeof pickled !== "object" || pickled === null) return pickled;
    if (this.#done.has(pickled)) return this.#done.get(pickled);
    if (depth > maxNesting) throw new PickleProblem(`nested more than ${maxNesting} deep`, "Save it flatter.");
    if (pickled instanceof Map) return this.#dict(pickled, depth);
    if (Array.isArray(pickled)) return this.#list(pickled, depth);
    if (pickled instanceof Set) return this.#set(pickled, depth);
    if (pickled instanceof StorageReference) return this.#storage(pickled);
    if (pickled instanceof PickleFunction || pickled instanceof StorageClass || pickled instanceof Layout) {
      throw new PickleProblem(`a ${kindOf(pickled)} is no value`, "Save its name as a string.");
    }
    return pickled;
  }

  #dict(pickled: Map<unknown, unknown>, depth: number): unknown {
    const keys = [...pickled.keys()];
    const isObject = keys.every((key) => typeof key === "string" && !isWholeNumberKey(key));
    return isObject ? this.#object(pickled, depth) : this.#map(pickled, depth);
  }

  #object(pickled: Map<unknown, unknown>, depth: number): unknown {
    const object: Record<string, unknown> = Object.create(null);
    this.#done.set(pickled, object);
    for (const [key, value] of pickled) object[String(key)] = this.convert(value, depth + 1);
    return object;
  }

  #map(pickled: Map<unknown, unknown>, depth: number): unknown {
    const map = new Map<unknown, unknown>();
    this.#done.set(pickled, map);
    for (const [key, value] of pickled) map.set(this.convert(key, depth + 1), this.convert(value, depth + 1));
    return map;
  }

  /** In place, as a tuple cannot be made before what is in it. */
  #list(pickled: unknown[] | Tuple, depth: number): unknown {
    this.#done.set(pickled, pickled);
    for (let i = 0; i < pickled.length; i++) pickled[i] = this.convert(pickled[i], depth + 1);
    return pickled;
  }

  #set(pickled: Set<unknown>, depth: number): unknown {
    const set = new Set<unknown>();
    this.#done.set(pickled, set);
    for (const item of pickled) set.add(this.convert(item, depth + 1));
    return set;
  }

  /** A storage that was saved without a tensor: its elements in a row. */
  #storage(reference: StorageReference): unknown {
    const { pending, offset, byteLength } = reference;
    const dtype = pending.dtype ?? "uint8";
    const shape = [byteLength / elementTypes[dtype].size];
    const tensor = new SavedTensor({ dtype, shape, storage: pending.storage, offset });
    pending.swappedSize ??= 1;
    this.#done.set(reference, tensor);
    return tensor;
  }
}
