import { expect, it } from "vitest";
import { encode } from "./encode.ts";
import { writeText } from "./write-text.ts";

// Node's UTF-8 is the judge. 𠮷 is U+20BB7, a lone surrogate becomes U+FFFD.
it.each(["loss", "größe", "損失", "😀", "𠮷", "\u{40000}", "a\ud800b", "𠮷".repeat(100)])(
  "writes %s in UTF-8",
  (text) => {
    const bytes = encode((message: string, pbf) => writeText(pbf, 1, message), text);
    const utf8 = Buffer.from(text);
    expect(Buffer.from(bytes.subarray(-utf8.length)).equals(utf8)).toBe(true);
    expect(bytes.length - utf8.length).toBe(utf8.length < 128 ? 2 : 3);
  },
);
