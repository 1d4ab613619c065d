import { must } from "../options/must.ts";
import { text as isText } from "../options/rules.ts";
import { dataTypes } from "../protos/data-types.ts";
import type { SummaryValue } from "../protos/messages.ts";

/** Markdown, as PyTorch's writer keeps it: under the tag and `/text_summary`. */
export function textValue(tag: string, text: string): SummaryValue {
  must("addText", "text", isText, text);
  return {
    tag: `${tag}/text_summary`,
    tensor: {
      dtype: dataTypes.string,
      tensorShape: { dim: [{ size: 1 }] },
      stringVal: [new TextEncoder().encode(text)],
    },
    metadata: { pluginData: { pluginName: "text" } },
  };
}
