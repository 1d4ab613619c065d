import { describe, expect, it } from "vitest";
import { archiveOf, bytesOf, pickledTensor } from "../../test/handmade.ts";
import { loadPt, SavedTensor } from "../index.ts";

async function problemOf(file: Uint8Array | Promise<Uint8Array>): Promise<string> {
  const value = loadPt(await file).then(() => "nothing");
  return value.catch((error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error)));
}

describe("a tensor of a file", () => {
  it("lies where its pickle says", async () => {
    expect(await loadPt(await archiveOf(pickledTensor()))).toBeInstanceOf(SavedTensor);
    // The last element of the storage, a hundred times; and none at all from beyond the end.
    const stretched = await loadPt<SavedTensor>(
      await archiveOf(pickledTensor({ offset: "K\x03", size: "Kd\x85", stride: "K\0\x85" })),
    );
    expect(stretched.data).toHaveLength(100);
    const none = await loadPt<SavedTensor>(await archiveOf(pickledTensor({ offset: "K\x09", size: "K\0\x85" })));
    expect(none.data).toHaveLength(0);
  });

  it("stays within its storage", async () => {
    const problems = [
      { offset: "K\x01" },
      { offset: "J\xff\xff\xff\xff" },
      { offset: "G\0\0\0\0\0\0\0\0", numel: 0 },
      { size: "K\x05\x85" },
      { size: "J\xff\xff\xff\xff\x85" },
      { size: "\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f\x85" },
      { stride: "K\x02\x85" },
      { stride: "J\xff\xff\xff\xff\x85" },
      { stride: "\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f\x85" },
      { size: "K\x02K\x02\x86" },
      { size: "]K\x04a" },
      { size: `(${"K\x02".repeat(64)}t`, stride: `(${"K\0".repeat(64)}t` },
      { size: `(${"K\x01".repeat(65)}t`, stride: `(${"K\0".repeat(65)}t` },
      { numel: 3 },
      { numel: 5 },
      { storage: "ctorch\nDoubleStorage\n" },
      { storage: "ctorch\nQInt8Storage\n" },
      { storage: "ctorch\nNoStorage\n" },
      { storage: "ctorch\nfloat32\n" },
      { storage: "N" },
    ].map((parts) => problemOf(archiveOf(pickledTensor(parts))));
    expect(await Promise.all(problems)).toMatchInlineSnapshot(`
      [
        "CheckpointError: these bytes: data.pkl: byte 124: a tensor of shape [4], strides [1] and offset 1 does not fit its storage of 4 elements. No torch.save writes this: the file is damaged.",
        "CheckpointError: these bytes: data.pkl: byte 127: a tensor whose offset is no whole number from 0 on, or whose requires_grad is no bool. No torch.save writes this: the file is damaged.",
        "CheckpointError: these bytes: data.pkl: byte 131: a tensor of shape [4], strides [1] and offset 0 does not fit its storage of 0 elements. No torch.save writes this: the file is damaged.",
        "CheckpointError: these bytes: data.pkl: byte 124: a tensor of shape [5], strides [1] and offset 0 does not fit its storage of 4 elements. No torch.save writes this: the file is damaged.",
        "CheckpointError: these bytes: data.pkl: byte 127: the sizes or strides of a tensor are no tuple of whole numbers from 0 on. No torch.save writes this: the file is damaged.",
        "CheckpointError: these bytes: data.pkl: byte 132: the sizes or strides of a tensor are no tuple of whole numbers from 0 on. No torch.save writes this: the file is damaged.",
        "CheckpointError: these bytes: data.pkl: byte 124: a tensor of shape [4], strides [2] and offset 0 does not fit its storage of 4 elements. No torch.save writes this: the file is damaged.",
        "CheckpointError: these bytes: data.pkl: byte 127: the sizes or strides of a tensor are no tuple of whole numbers from 0 on. No torch.save writes this: the file is damaged.",
        "CheckpointError: these bytes: data.pkl: byte 132: the sizes or strides of a tensor are no tuple of whole numbers from 0 on. No torch.save writes this: the file is damaged.",
        "CheckpointError: these bytes: data.pkl: byte 126: a tensor with 2 sizes and 1 strides. No torch.save writes this: the file is damaged.",
        "CheckpointError: these bytes: data.pkl: byte 125: the sizes or strides of a tensor are no tuple of whole numbers from 0 on. No torch.save writes this: the file is damaged.",
        "CheckpointError: these bytes: data.pkl: byte 378: a tensor of shape [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, ...], strides [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ...] and offset 0 does not fit its storage of 4 elements. No torch.save writes this: the file is damaged.",
        "CheckpointError: these bytes: data.pkl: byte 382: the sizes or strides of a tensor are no tuple of whole numbers from 0 on. No torch.save writes this: the file is damaged.",
        "CheckpointError: these bytes: data.pkl: byte 124: a tensor of shape [4], strides [1] and offset 0 does not fit its storage of 3 elements. No torch.save writes this: the file is damaged.",
        "CheckpointError: these bytes: data/0: it has 16 bytes, and the pickle says 20. Copy or download the file again.",
        "CheckpointError: these bytes: data/0: it has 16 bytes, and the pickle says 32. Copy or download the file again.",
        "CheckpointError: these bytes: data.pkl: byte 86: quantized tensors cannot be read. Save x.dequantize().",
        "CheckpointError: these bytes: data.pkl: byte 49: it needs torch.NoStorage, which is no part of a state dict. Save model.state_dict() instead of the model, and plain values instead of objects of your classes.",
        "CheckpointError: these bytes: data.pkl: byte 81: a storage without class, key, place or size. No torch.save writes this: the file is damaged.",
        "CheckpointError: these bytes: data.pkl: byte 67: a storage without class, key, place or size. No torch.save writes this: the file is damaged.",
      ]
    `);
  });

  it("has one storage for each key", async () => {
    const two = `${pickledTensor()}${pickledTensor({ storage: "ctorch\nIntStorage\n" })}\x86`;
    expect(await problemOf(archiveOf(two))).toMatchInlineSnapshot(
      `"CheckpointError: these bytes: data.pkl: byte 207: storage "0" has two sizes or dtypes. No torch.save writes this: the file is damaged."`,
    );
  });

  it("is not lost when it is of a kind that is not read", async () => {
    const problems = [
      "ctorch._utils\n_rebuild_qtensor\n)R",
      "ctorch._utils\n_rebuild_nested_tensor\n)R",
      "ctorch._utils\n_rebuild_sparse_tensor\n(ctorch.serialization\n_get_layout\nX\x10\0\0\0torch.sparse_csr\x85R)tR",
      "ctorch._utils\n_rebuild_meta_tensor_no_storage\n(ctorch\ncomplex32\n))\x89tR",
      "ctorch\nint4\n)R",
    ].map((pickle) => problemOf(archiveOf(pickle)));
    expect(await Promise.all(problems)).toMatchInlineSnapshot(`
      [
        "CheckpointError: these bytes: data.pkl: byte 34: quantized tensors cannot be read. Save x.dequantize().",
        "CheckpointError: these bytes: data.pkl: byte 40: nested tensors cannot be read. Save x.to_padded_tensor(0), or x.unbind().",
        "CheckpointError: these bytes: data.pkl: byte 98: sparse tensors of the layout "torch.sparse_csr" cannot be read. Save x.to_sparse_coo() or x.to_dense().",
        "CheckpointError: these bytes: data.pkl: byte 70: tensors of complex32 cannot be read. Convert them before saving: x.to(torch.float32).",
        "CheckpointError: these bytes: data.pkl: byte 15: REDUCE calls a TorchDType. No torch.save writes this: the file is damaged.",
      ]
    `);
  });

  it("fits its indices when it is sparse", async () => {
    const sparse = (indices: string, values: string) =>
      `ctorch._utils\n_rebuild_sparse_tensor\n(ctorch.serialization\n_get_layout\nX\x10\0\0\0torch.sparse_coo\x85R(${indices}${values}K\x04\x85\x88ttR`;
    expect(await problemOf(archiveOf(sparse(pickledTensor(), pickledTensor())))).toMatchInlineSnapshot(
      `"CheckpointError: these bytes: data.pkl: byte 349: a sparse tensor whose indices, values and size do not fit together. No torch.save writes this: the file is damaged."`,
    );
    expect(await problemOf(archiveOf(sparse("N", "N")))).toMatchInlineSnapshot(
      `"CheckpointError: these bytes: data.pkl: byte 105: a sparse tensor whose indices or values are no tensors. No torch.save writes this: the file is damaged."`,
    );
  });
});

describe("a value of a file", () => {
  it("is an object where its keys are names, whatever the names", async () => {
    const value = await loadPt<Record<string, unknown>>(
      await archiveOf("}(X\x09\0\0\0__proto__}X\x01\0\0\0aK\x01sX\x0b\0\0\0constructorK\x02u"),
    );
    expect(Object.getPrototypeOf(value)).toBe(null);
    expect(Object.entries(value)).toEqual([
      ["__proto__", { a: 1 }],
      ["constructor", 2],
    ]);
    expect(({} as { a?: unknown }).a).toBe(undefined);
  });

  it("is a Map where an object would mix up its keys", async () => {
    expect(await loadPt(await archiveOf("}(X\x02\0\0\x0010NX\x01\0\0\x002Nu"))).toEqual(
      new Map([
        ["10", null],
        ["2", null],
      ]),
    );
    expect(await loadPt(await archiveOf("}(K\x02NK\x01Nu"))).toEqual(
      new Map([
        [2, null],
        [1, null],
      ]),
    );
    expect(await loadPt(await archiveOf("}(X\x02\0\0\x0001NX\x02\0\0\0-1Nu"))).toEqual({ "01": null, "-1": null });
  });

  it("stays one where it stands twice, and may contain itself", async () => {
    const [first, second] = await loadPt<[object, object]>(await archiveOf("]}q\0ah\0a"));
    expect(first).toBe(second);
    const round = await loadPt<{ self: unknown }>(await archiveOf("}q\0X\x04\0\0\0selfh\0s"));
    expect(round.self).toBe(round);
  });

  it("is no function, and not nested without end", async () => {
    const problems = [
      "c__builtin__\nset\n",
      "]ctorch\nFloatStorage\na",
      "}Nctorch._utils\n_rebuild_tensor_v2\ns",
      `)${"\x85".repeat(1500)}`,
    ].map((pickle) => problemOf(archiveOf(pickle)));
    expect(await Promise.all(problems)).toMatchInlineSnapshot(`
      [
        "CheckpointError: these bytes: data.pkl: a builtins.set is no value. Save its name as a string.",
        "CheckpointError: these bytes: data.pkl: a StorageClass is no value. Save its name as a string.",
        "CheckpointError: these bytes: data.pkl: a torch._utils._rebuild_tensor_v2 is no value. Save its name as a string.",
        "CheckpointError: these bytes: data.pkl: nested more than 1000 deep. Save it flatter.",
      ]
    `);
  });
});

describe("a file that is another", () => {
  it("is named", async () => {
    const tar = bytesOf(`pickle${"\0".repeat(251)}ustar${"\0".repeat(250)}`);
    const problems = [
      bytesOf(""),
      bytesOf("PK"),
      bytesOf("hello"),
      tar,
      bytesOf("\x08\0\0\0\0\0\0\0{}      "),
      bytesOf("\x80\x02}."),
      bytesOf("\x80\x04\x95"),
    ].map(problemOf);
    expect(await Promise.all(problems)).toMatchInlineSnapshot(`
      [
        "CheckpointError: these bytes: it is not what torch.save writes. It is no PyTorch file, or damaged: copy or download it again.",
        "CheckpointError: these bytes: it is not what torch.save writes. It is no PyTorch file, or damaged: copy or download it again.",
        "CheckpointError: these bytes: it is not what torch.save writes. It is no PyTorch file, or damaged: copy or download it again.",
        "CheckpointError: these bytes: it is not what torch.save writes. It is a tar archive, as very old versions of PyTorch wrote, which cannot be read safely: load it in Python and save it again.",
        "CheckpointError: these bytes: it is not what torch.save writes. It is a safetensors file: read it with loadSafetensors.",
        "CheckpointError: these bytes: a pickle that torch.save did not make. Load it in Python, and save it with torch.save.",
        "CheckpointError: these bytes: byte 2: opcode 0x95 is none of those that state dicts are pickled with. Save with torch.save and its own pickle_protocol, 2.",
      ]
    `);
  });
});
