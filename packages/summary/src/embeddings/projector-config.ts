/** Where the files of one embedding are, relative to the writer's directory. */
export interface EmbeddingInfo {
  readonly tensorName: string;
  readonly tensorPath: string;
  readonly metadataPath?: string;
  readonly sprite?: { readonly imagePath: string; readonly width: number; readonly height: number };
}

/** `projector_config.pbtxt`: a ProjectorConfig in protobuf's text format. */
export function projectorConfig(embeddings: readonly EmbeddingInfo[]): string {
  return embeddings.map(block).join("");
}

function block({ tensorName, tensorPath, metadataPath, sprite }: EmbeddingInfo): string {
  const lines = [`tensor_name: ${quoted(tensorName)}`];
  if (metadataPath !== undefined) lines.push(`metadata_path: ${quoted(metadataPath)}`);
  if (sprite) {
    lines.push(
      "sprite {",
      `  image_path: ${quoted(sprite.imagePath)}`,
      `  single_image_dim: ${sprite.width}`,
      `  single_image_dim: ${sprite.height}`,
      "}",
    );
  }
  lines.push(`tensor_path: ${quoted(tensorPath)}`);
  return `embeddings {\n${lines.map((line) => `  ${line}\n`).join("")}}\n`;
}

/** A string of the text format: what is not plain ASCII as the octal numbers of its bytes. */
function quoted(text: string): string {
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => {
    const character = String.fromCharCode(byte);
    if (`"'\\`.includes(character)) return `\\${character}`;
    return byte >= 0x20 && byte < 0x7f ? character : `\\${byte.toString(8).padStart(3, "0")}`;
  });
  return `"${bytes.join("")}"`;
}
