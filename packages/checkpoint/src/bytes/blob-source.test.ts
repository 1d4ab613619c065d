import { expect, it } from "vitest";
import { blobSource } from "./blob-source.ts";
import { openSource } from "./open-source.ts";

it("reads parts of a Blob, and of a File under its name", async () => {
  const blob = await openSource(new Blob(["hello ", "world"]));
  expect([blob.name, blob.size]).toEqual(["this Blob", 11]);
  expect(new TextDecoder().decode(await blob.read(4, 5))).toBe("o wor");
  const file = new File(["ab"], "model.safetensors");
  await expect(blobSource(file).read(1, 2)).rejects.toThrowErrorMatchingInlineSnapshot(
    `[CheckpointError: model.safetensors: bytes 1 to 3 are asked for, and it has 2. It was cut short: copy or download it again.]`,
  );
});

it("says when the file behind a Blob is no longer what it was", async () => {
  const gone = new Blob(["ab"]);
  gone.slice = () =>
    ({ arrayBuffer: () => Promise.reject(new DOMException("it was changed", "NotReadableError")) }) as Blob;
  await expect(blobSource(gone).read(0, 1)).rejects.toThrowErrorMatchingInlineSnapshot(
    `[CheckpointError: this Blob: cannot be read (it was changed). Choose the file again.]`,
  );
});
