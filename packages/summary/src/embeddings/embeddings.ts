import { type MaybePromise, whenThere } from "../maybe-promise.ts";
import { OptionError } from "../options/option-error.ts";
import { asNumbers, type Values } from "../values/read-numbers.ts";
import type { EmbeddingInfo } from "./projector-config.ts";
import { pythonNumber } from "./python-number.ts";
import { spriteImage } from "./sprite.ts";

/** A point's label, or its labels if there is a header. */
export type EmbeddingLabel = string | number | readonly (string | number)[];

/** What is known of the points besides where they are. */
export interface EmbeddingLabels {
  readonly metadata: readonly EmbeddingLabel[] | undefined;
  readonly metadataHeader: readonly string[] | undefined;
  /** [N, C, H, W] */
  readonly labelImg: Values | undefined;
}

/** An embedding's files by name, and what the projector's configuration says of them. */
export interface EmbeddingFiles {
  readonly files: readonly (readonly [name: string, bytes: Uint8Array])[];
  readonly info: EmbeddingInfo;
}

/** The directory of an embedding, as PyTorch's writer names it. */
export function embeddingDirectory(step: number, tag: string): string {
  const encoded = tag.replace(/[%/\\]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
  return `${paddedStep(step)}/${encoded}`;
}

const paddedStep = (step: number): string => String(step).padStart(5, "0");

/**
 * The files of an embedding.
 *
 * @param mat - [N, D]
 * @throws {OptionError} if it is not of two dimensions, or there is not one label and one picture for each point
 */
export function embeddingFiles(
  mat: Values,
  { metadata, metadataHeader, labelImg }: EmbeddingLabels,
  { tag, step }: { tag: string; step: number },
): MaybePromise<EmbeddingFiles> {
  const [points, dimensions, ...more] = mat.shape;
  if (points === undefined || dimensions === undefined || more.length > 0) {
    throw new OptionError(`addEmbedding: mat must be [points, dimensions], got [${mat.shape.join(", ")}].`);
  }
  checkOneEach("labels in metadata", metadata?.length, points);
  checkOneEach("pictures in labelImg", labelImg?.shape[0], points);
  const directory = embeddingDirectory(step, tag);
  const files: [string, Uint8Array][] = [["tensors.tsv", utf8(tensorRows(mat, dimensions))]];
  if (metadata) files.push(["metadata.tsv", utf8(metadataRows(metadata, metadataHeader))]);
  const [height = 0, width = 0] = labelImg?.shape.slice(2) ?? [];
  const info: EmbeddingInfo = {
    tensorName: `${tag}:${paddedStep(step)}`,
    tensorPath: `${directory}/tensors.tsv`,
    ...(metadata && { metadataPath: `${directory}/metadata.tsv` }),
    ...(labelImg && { sprite: { imagePath: `${directory}/sprite.png`, width, height } }),
  };
  if (!labelImg) return { files, info };
  return whenThere(spriteImage(labelImg), (png) => ({ files: [...files, ["sprite.png", png]], info }));
}

function checkOneEach(what: string, count: number | undefined, points: number): void {
  if (count !== undefined && count !== points) {
    throw new OptionError(`addEmbedding: there are ${count} ${what} for ${points} points in mat. Give one each.`);
  }
}

function tensorRows(mat: Values, dimensions: number): string {
  const isWhole = /int|bool/.test(mat.dtype);
  const texts = Array.from(asNumbers(mat), isWhole ? String : pythonNumber);
  let rows = "";
  for (let i = 0; i < texts.length; i += dimensions) rows += `${texts.slice(i, i + dimensions).join("\t")}\n`;
  return rows;
}

function metadataRows(metadata: readonly EmbeddingLabel[], header: readonly string[] | undefined): string {
  if (header === undefined) return metadata.map((label) => `${cell(label)}\n`).join("");
  return [header, ...metadata]
    .map((row) => {
      const cells = [row].flat();
      if (cells.length !== header.length) {
        const lengths = `${header.length} names in metadataHeader and ${cells.length} labels in a row of metadata`;
        throw new OptionError(`addEmbedding: there are ${lengths}. Give one for each column.`);
      }
      return `${cells.map(cell).join("\t")}\n`;
    })
    .join("");
}

/** Tabs and line ends would begin other cells. */
const cell = (label: EmbeddingLabel): string => String(label).replace(/[\t\n\r]+/g, " ");

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
