import type { PbfWriter } from "pbf";
import { show } from "../options/must.ts";
import { OptionError } from "../options/option-error.ts";
import { texts } from "../options/rules.ts";
import { dataTypes } from "../protos/data-types.ts";
import { encode } from "../protos/encode.ts";
import type { SummaryValue } from "../protos/messages.ts";
import { writeText } from "../protos/write-text.ts";

/** A chart of several tags: lines, or one line with a margin whose tags are its value, lower and upper edge. */
export type CustomChart = readonly ["Multiline", readonly string[]] | readonly ["Margin", readonly string[]];

/** Charts by title, by category. Tags are regular expressions. */
export type CustomScalarLayout = Readonly<Record<string, Readonly<Record<string, CustomChart>>>>;

type Entry<Value> = readonly [title: string, Value];

/**
 * The layout of TensorBoard's page of custom scalars.
 *
 * @throws {OptionError} if a chart is none
 */
export function customScalarsValue(where: string, layout: CustomScalarLayout): SummaryValue {
  for (const charts of Object.values(layout)) for (const entry of Object.entries(charts)) checkChart(where, entry);
  return {
    tag: "custom_scalars__config__",
    tensor: { dtype: dataTypes.string, tensorShape: { dim: [] }, stringVal: [encode(writeLayout, layout)] },
    metadata: { pluginData: { pluginName: "custom_scalars" } },
  };
}

function checkChart(where: string, [title, chart]: Entry<CustomChart>): void {
  const name = show(title);
  if (!Array.isArray(chart) || (chart[0] !== "Multiline" && chart[0] !== "Margin") || texts(chart[1])) {
    const forms = '["Multiline", [tag, ...]] or ["Margin", [value, lower, upper]]';
    throw new OptionError(`${where}: chart ${name} must be ${forms}, got ${show(chart)}.`);
  }
  if (chart[0] === "Margin" && chart[1].length !== 3) {
    const tags = "three tags: the value's, its lower and its upper edge's";
    throw new OptionError(`${where}: the margin chart ${name} must have ${tags}, got ${chart[1].length}.`);
  }
}

function writeLayout(layout: CustomScalarLayout, pbf: PbfWriter): void {
  for (const category of Object.entries(layout)) pbf.writeMessage(2, writeCategory, category);
}

function writeCategory([title, charts]: Entry<CustomScalarLayout[string]>, pbf: PbfWriter): void {
  writeText(pbf, 1, title);
  for (const chart of Object.entries(charts)) pbf.writeMessage(2, writeChart, chart);
}

function writeChart([title, [kind, tags]]: Entry<CustomChart>, pbf: PbfWriter): void {
  writeText(pbf, 1, title);
  if (kind === "Margin") pbf.writeMessage(3, writeMargin, tags);
  else pbf.writeMessage(2, writeMultiline, tags);
}

function writeMultiline(tags: readonly string[], pbf: PbfWriter): void {
  for (const tag of tags) writeText(pbf, 1, tag);
}

function writeMargin(tags: readonly string[], pbf: PbfWriter): void {
  pbf.writeMessage(1, writeSeries, tags);
}

function writeSeries(tags: readonly string[], pbf: PbfWriter): void {
  for (const [i, tag] of tags.entries()) writeText(pbf, i + 1, tag);
}
