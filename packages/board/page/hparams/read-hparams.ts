import { PbfReader } from "pbf";

export type HparamValue = number | string | boolean;

/** What `addHparams` says of a run. */
export interface Session {
  readonly hparams: Map<string, HparamValue>;
  group: string;
  /** Seconds since 1970. */
  start: number;
  /** 1 is success. */
  status: number;
}

export interface Metric {
  group: string;
  tag: string;
  displayName: string;
}

export interface Experiment {
  readonly hparams: { name: string; displayName: string }[];
  readonly metrics: Metric[];
}

interface PluginData {
  experiment: Experiment | undefined;
  readonly session: Session;
}

/** A run's messages of the hparams plugin, read into one. */
export function readHparams(messages: readonly Uint8Array[]): PluginData {
  const data: PluginData = { experiment: undefined, session: { hparams: new Map(), group: "", start: 0, status: 0 } };
  for (const message of messages) new PbfReader(message).readFields(readPluginField, data);
  return data;
}

function readPluginField(field: number, data: PluginData, pbf: PbfReader): void {
  if (field === 2) data.experiment = pbf.readMessage(readExperimentField, { hparams: [], metrics: [] } as Experiment);
  else if (field === 3) pbf.readMessage(readStartField, data.session);
  else if (field === 4) pbf.readMessage(readEndField, data.session);
}

function readExperimentField(field: number, experiment: Experiment, pbf: PbfReader): void {
  if (field === 4) experiment.hparams.push(pbf.readMessage(readHparamInfoField, { name: "", displayName: "" }));
  else if (field === 5)
    experiment.metrics.push(pbf.readMessage(readMetricField, { group: "", tag: "", displayName: "" }));
}

function readHparamInfoField(field: number, info: { name: string; displayName: string }, pbf: PbfReader): void {
  if (field === 1) info.name = pbf.readString();
  else if (field === 2) info.displayName = pbf.readString();
}

function readMetricField(field: number, metric: Metric, pbf: PbfReader): void {
  if (field === 1) pbf.readMessage(readMetricNameField, metric);
  else if (field === 3) metric.displayName = pbf.readString();
}

function readMetricNameField(field: number, metric: Metric, pbf: PbfReader): void {
  if (field === 1) metric.group = pbf.readString();
  else if (field === 2) metric.tag = pbf.readString();
}

function readStartField(field: number, session: Session, pbf: PbfReader): void {
  if (field === 1) {
    const entry = pbf.readMessage(readEntryField, { key: "", value: undefined } as Entry);
    if (entry.value !== undefined) session.hparams.set(entry.key, entry.value);
  } else if (field === 4) session.group = pbf.readString();
  else if (field === 5) session.start = pbf.readDouble();
}

function readEndField(field: number, session: Session, pbf: PbfReader): void {
  if (field === 1) session.status = pbf.readVarint();
}

interface Entry {
  key: string;
  value: HparamValue | undefined;
}

function readEntryField(field: number, entry: Entry, pbf: PbfReader): void {
  if (field === 1) entry.key = pbf.readString();
  else if (field === 2) pbf.readMessage(readValueField, entry);
}

function readValueField(field: number, entry: Entry, pbf: PbfReader): void {
  if (field === 2) entry.value = pbf.readDouble();
  else if (field === 3) entry.value = pbf.readString();
  else if (field === 4) entry.value = pbf.readBoolean();
}
