import type { SummaryValue } from "@anneal/summary";
import type { Kind } from "../protocol.ts";

const kindsByPlugin: Readonly<Record<string, Kind>> = {
  scalars: "scalars",
  images: "images",
  audio: "audio",
  histograms: "histograms",
  text: "text",
  hparams: "hparams",
  pr_curves: "prCurves",
  custom_scalars: "customScalars",
};

/**
 * What draws a value. A series has the plugin of its first value; one that names none is of the old style, and what it holds says it, as
 * TensorBoard has it.
 *
 * @param plugin - the plugin that the first value of the series named, if any did
 * @returns the kind, or the name of a plugin that the board does not draw
 */
export function kindOfValue(value: SummaryValue, plugin: string | undefined): Kind | { readonly notDrawn: string } {
  if (plugin !== undefined) {
    const known = Object.hasOwn(kindsByPlugin, plugin) ? kindsByPlugin[plugin] : undefined;
    return known ?? { notDrawn: plugin };
  }
  if (value.simpleValue !== undefined) return "scalars";
  if (value.histo !== undefined) return "histograms";
  if (value.image !== undefined) return "images";
  if (value.audio !== undefined) return "audio";
  return { notDrawn: "tensor" };
}
