import { show } from "../options/must.ts";
import { OptionError } from "../options/option-error.ts";
import { encode } from "../protos/encode.ts";
import type { SummaryValue } from "../protos/messages.ts";
import { type Experiment, type HParam, writeExperiment, writeSessionEnd, writeSessionStart } from "./hparams-proto.ts";

/** A hyperparameter's value; null and undefined are left out. */
export type HParamValue = number | string | boolean;

/** All values a hyperparameter may have in the experiment, by its name. */
export type HParamDomains = Readonly<Record<string, readonly HParamValue[]>>;

/**
 * The three summaries of a run's hyperparameters: the experiment's, what it began with, and that it ended well.
 *
 * Booleans stay booleans; PyTorch's writer makes numbers of them.
 *
 * @throws {OptionError} if a value is of another kind, or a domain is not a list of its hyperparameter's kind
 */
export function hparamsValues(
  hparams: Readonly<Record<string, HParamValue>>,
  metrics: readonly string[],
  domains: HParamDomains,
): SummaryValue[] {
  for (const [name, domain] of Object.entries(domains)) checkDomain(name, domain, hparams[name]);
  const infos = Object.entries(hparams).map(([name, value]): HParam => {
    if (kindOf(value) === undefined) {
      const kinds = "a number, a string, a boolean, or a tensor with one element";
      throw new OptionError(`addHparams: hparamDict.${name} must be ${kinds}, got ${show(value)}.`);
    }
    return { name, value, domain: domains[name] };
  });
  const experiment: Experiment = { hparams: infos, metrics };
  return [
    hparamsValue("experiment", encode(writeExperiment, experiment)),
    hparamsValue("session_start_info", encode(writeSessionStart, infos)),
    hparamsValue("session_end_info", encode(writeSessionEnd, { status: 1 })),
  ];
}

const hparamsValue = (name: string, content: Uint8Array): SummaryValue => ({
  tag: `_hparams_/${name}`,
  metadata: { pluginData: { pluginName: "hparams", content } },
});

function checkDomain(name: string, domain: readonly HParamValue[], value: HParamValue | undefined): void {
  const kind = kindOf(value);
  if (kind !== undefined && Array.isArray(domain) && domain.every((each) => kindOf(each) === kind)) return;
  const need = value === undefined ? "of a name in hparamDict" : `a list of the kind of hparamDict.${name}, ${kind}`;
  throw new OptionError(`addHparams: hparamDomainDiscrete.${name} must be ${need}, got ${show(domain)}.`);
}

function kindOf(value: unknown): "number" | "string" | "boolean" | undefined {
  const kind = typeof value;
  return kind === "number" || kind === "string" || kind === "boolean" ? kind : undefined;
}
