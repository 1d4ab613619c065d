import type { LogStore } from "../runs/log-store.ts";
import type { Answer } from "./answer.ts";
import { histograms } from "./histograms.ts";
import { media } from "./media.ts";
import { graph, hparams, layouts } from "./messages.ts";
import { prCurve } from "./pr-curve.ts";
import { records, texts } from "./records.ts";
import { latest, scalars } from "./scalars.ts";

export type Route = (store: LogStore, query: URLSearchParams) => Answer | Promise<Answer>;

/** What is under /api/, beside the catalog. */
export const routes: ReadonlyMap<string, Route> = new Map<string, Route>([
  ["scalars", scalars],
  ["latest", latest],
  ["records", records],
  ["media", media],
  ["texts", texts],
  ["histograms", histograms],
  ["pr-curve", prCurve],
  ["hparams", hparams],
  ["layouts", layouts],
  ["graph", graph],
]);
