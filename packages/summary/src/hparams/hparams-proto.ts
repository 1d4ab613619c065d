import type { PbfWriter } from "pbf";
import { writeText } from "../protos/write-text.ts";
import type { HParamValue } from "./hparams.ts";

/** A hyperparameter of an experiment. */
export interface HParam {
  readonly name: string;
  readonly value: HParamValue;
  readonly domain: readonly HParamValue[] | undefined;
}

export interface Experiment {
  readonly hparams: readonly HParam[];
  readonly metrics: readonly string[];
}

/** TensorBoard's numbers for the kinds of values. */
const dataTypes = { string: 1, boolean: 2, number: 3 } as const;

/** Appends an HParamsPluginData with an experiment. */
export function writeExperiment(experiment: Experiment, pbf: PbfWriter): void {
  pbf.writeMessage(2, writeExperimentFields, experiment);
}

/** Appends an HParamsPluginData with a session's start. */
export function writeSessionStart(hparams: readonly HParam[], pbf: PbfWriter): void {
  pbf.writeMessage(3, writeHParams, hparams);
}

/** Appends an HParamsPluginData with a session's end. */
export function writeSessionEnd(end: { readonly status: number }, pbf: PbfWriter): void {
  pbf.writeMessage(4, writeStatus, end);
}

function writeExperimentFields({ hparams, metrics }: Experiment, pbf: PbfWriter): void {
  for (const hparam of hparams) pbf.writeMessage(4, writeHParamInfo, hparam);
  for (const tag of metrics) pbf.writeMessage(5, writeMetricInfo, tag);
}

function writeHParamInfo({ name, value, domain }: HParam, pbf: PbfWriter): void {
  writeText(pbf, 1, name);
  pbf.writeVarintField(4, dataTypes[kindOf(value)]);
  if (domain) pbf.writeMessage(5, writeListValue, domain);
}

function writeMetricInfo(tag: string, pbf: PbfWriter): void {
  pbf.writeMessage(1, writeMetricName, tag);
}

function writeMetricName(tag: string, pbf: PbfWriter): void {
  writeText(pbf, 2, tag);
}

function writeHParams(hparams: readonly HParam[], pbf: PbfWriter): void {
  for (const hparam of hparams) pbf.writeMessage(1, writeMapEntry, hparam);
}

function writeMapEntry({ name, value }: HParam, pbf: PbfWriter): void {
  writeText(pbf, 1, name);
  pbf.writeMessage(2, writeValue, value);
}

function writeListValue(values: readonly HParamValue[], pbf: PbfWriter): void {
  for (const value of values) pbf.writeMessage(1, writeValue, value);
}

function writeValue(value: HParamValue, pbf: PbfWriter): void {
  if (typeof value === "number") pbf.writeDoubleField(2, value);
  else if (typeof value === "string") writeText(pbf, 3, value);
  else pbf.writeBooleanField(4, value);
}

function writeStatus({ status }: { readonly status: number }, pbf: PbfWriter): void {
  pbf.writeVarintField(1, status);
}

function kindOf(value: HParamValue): keyof typeof dataTypes {
  if (typeof value === "number") return "number";
  return typeof value === "string" ? "string" : "boolean";
}
