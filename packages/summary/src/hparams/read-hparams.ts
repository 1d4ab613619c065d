import { both, type MaybePromise, whenThere } from "../maybe-promise.ts";
import { readScalar } from "../scalars/scalars.ts";
import type { Numbers } from "../values/numbers.ts";
import type { HParamValue } from "./hparams.ts";

/** Tensors as the numbers in them; what is no value is left out. */
export function readHparams(
  hparamDict: Readonly<Record<string, HParamValue | Numbers | null | undefined>>,
): MaybePromise<Record<string, HParamValue>> {
  let hparams: MaybePromise<Record<string, HParamValue>> = {};
  for (const [name, value] of Object.entries(hparamDict)) {
    if (value === null || value === undefined) continue;
    const isPlain = typeof value === "string" || typeof value === "boolean";
    const read = isPlain ? value : readScalar("addHparams", `hparamDict.${name}`, value);
    hparams = whenThere(both(hparams, read), ([before, there]) => ({ ...before, [name]: there }));
  }
  return hparams;
}
