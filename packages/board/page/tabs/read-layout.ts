import { PbfReader } from "pbf";

/** A chart of several tags, by regular expressions; or of curves with a band around each. */
export interface CustomChart {
  title: string;
  multiline: string[];
  margin: { value: string; lower: string; upper: string }[];
}

export interface Category {
  title: string;
  charts: CustomChart[];
  closed: boolean;
}

/** The `Layout` message of TensorBoard's plugin of custom scalars. */
export const readLayout = (bytes: Uint8Array): Category[] =>
  new PbfReader(bytes).readFields(readLayoutField, [] as Category[]);

function readLayoutField(field: number, categories: Category[], pbf: PbfReader): void {
  if (field === 2)
    categories.push(pbf.readMessage(readCategoryField, { title: "", charts: [], closed: false } as Category));
}

function readCategoryField(field: number, category: Category, pbf: PbfReader): void {
  if (field === 1) category.title = pbf.readString();
  else if (field === 2)
    category.charts.push(pbf.readMessage(readChartField, { title: "", multiline: [], margin: [] } as CustomChart));
  else if (field === 3) category.closed = pbf.readBoolean();
}

function readChartField(field: number, chart: CustomChart, pbf: PbfReader): void {
  if (field === 1) chart.title = pbf.readString();
  else if (field === 2) pbf.readMessage(readMultilineField, chart);
  else if (field === 3) pbf.readMessage(readMarginField, chart);
}

function readMultilineField(field: number, chart: CustomChart, pbf: PbfReader): void {
  if (field === 1) chart.multiline.push(pbf.readString());
}

function readMarginField(field: number, chart: CustomChart, pbf: PbfReader): void {
  if (field === 1) chart.margin.push(pbf.readMessage(readSeriesField, { value: "", lower: "", upper: "" }));
}

function readSeriesField(field: number, series: CustomChart["margin"][number], pbf: PbfReader): void {
  if (field === 1) series.value = pbf.readString();
  else if (field === 2) series.lower = pbf.readString();
  else if (field === 3) series.upper = pbf.readString();
}
