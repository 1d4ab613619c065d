import type { PbfWriter } from "pbf";
import { OptionError } from "../options/option-error.ts";
import { dataTypes } from "../protos/data-types.ts";
import { encode } from "../protos/encode.ts";
import type { SummaryValue } from "../protos/messages.ts";
import { writePackedVarints } from "../protos/write-packed.ts";
import { writeText } from "../protos/write-text.ts";
import { asNumbers, type Values } from "../values/read-numbers.ts";

/** What a mesh is made of, each [batch, count, 3]. */
export interface MeshParts {
  readonly vertices: Values;
  readonly faces: Values | undefined;
  readonly colors: Values | undefined;
}

/** TensorBoard's numbers for the parts, and the endings of their tags. */
const contentTypes = { vertices: [1, "VERTEX"], faces: [2, "FACE"], colors: [3, "COLOR"] } as const;

interface MeshPluginData {
  readonly name: string;
  readonly contentType: number;
  readonly jsonConfig: string;
  readonly shape: readonly number[];
  readonly components: number;
}

/**
 * A mesh or, without faces, a cloud of points: a value for each part.
 *
 * @throws {OptionError} if a part is not of shape [batch, count, 3], or there are not as many colours as vertices
 */
export function meshValues(tag: string, parts: MeshParts, config: object | undefined): SummaryValue[] {
  const there = (["vertices", "faces", "colors"] as const).flatMap((part) => {
    const values = parts[part];
    return values ? [{ part, values }] : [];
  });
  for (const { part, values } of there) checkPart(part, values.shape, parts.vertices.shape);
  let components = 0;
  for (const { part } of there) components |= 1 << contentTypes[part][0];
  return there.map(({ part, values }) => {
    const [contentType, ending] = contentTypes[part];
    const data = { name: tag, contentType, jsonConfig: sortedJson(config ?? {}), shape: values.shape, components };
    return {
      tag: `${tag}_${ending}`,
      tensor: {
        dtype: dataTypes.float32,
        tensorShape: { dim: values.shape.map((size) => ({ size })) },
        floatVal: asNumbers(values),
      },
      metadata: { pluginData: { pluginName: "mesh", content: encode(writeMeshPluginData, data) } },
    };
  });
}

function checkPart(part: keyof MeshParts, shape: readonly number[], vertices: readonly number[]): void {
  const [batch, count, axes, ...more] = shape;
  const need = { vertices: "[batch, vertices, 3]", faces: "[batch, faces, 3]", colors: "[batch, vertices, 3]" }[part];
  if (axes !== 3 || more.length > 0 || batch !== vertices[0] || (part === "colors" && count !== vertices[1])) {
    const among = part === "vertices" ? "" : ` for vertices [${vertices.join(", ")}]`;
    throw new OptionError(`addMesh: ${part} must be ${need}${among}, got [${shape.join(", ")}].`);
  }
}

/** JSON as Python's `json.dumps(config, sort_keys=True)` writes it. */
function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}: ${sortedJson(inner)}`).join(", ")}}`;
}

function writeMeshPluginData(data: MeshPluginData, pbf: PbfWriter): void {
  writeText(pbf, 2, data.name);
  pbf.writeVarintField(3, data.contentType);
  writeText(pbf, 5, data.jsonConfig);
  writePackedVarints(pbf, 6, data.shape);
  pbf.writeVarintField(7, data.components);
}
