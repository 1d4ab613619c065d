import { expect, it } from "vitest";
import { reference } from "../../test/safetensors-reference.ts";
import { CheckpointError, encodeSafetensors, loadSafetensors } from "../index.ts";

const messageOf = async (bytes: Uint8Array): Promise<string> => {
  try {
    await loadSafetensors(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(CheckpointError);
    return (error as Error).message;
  }
  return "is read";
};

it("refuses what the reference refuses", async () => {
  const messages: Record<string, string> = {};
  for (const { title, bytes, package: says } of reference.refused) {
    if (says !== null) messages[title] = await messageOf(bytes);
  }
  expect(messages).toMatchInlineSnapshot(`
    {
      "6 bits": "these bytes: header, character 57: tensor "a": shape [1] of F6_E2M3 does not fill whole bytes. It is damaged, or made by a faulty program: get it again from where it was made.",
      "a BOM": "these bytes: header, byte 8: it must begin with {. It is damaged or was cut short: copy or download it again.",
      "a NUL after the object": "these bytes: header, character 2: the end must be here. It is damaged, or made by a faulty program: get it again from where it was made.",
      "a byte after the data": "these bytes: header: the tensors take 8 bytes, and 9 follow the header. It is damaged or was cut short: copy or download it again.",
      "a comma too many": "these bytes: header, character 54: a string must be here. It is damaged, or made by a faulty program: get it again from where it was made.",
      "a dtype in lower case": "these bytes: header, character 53: tensor "a": dtype "f32" is none of BOOL, F4, F6_E2M3, F6_E3M2, U8, I8, F8_E5M2, F8_E4M3, F8_E8M0, F8_E4M3FNUZ, F8_E5M2FNUZ, I16, U16, F16, BF16, I32, U32, F32, C64, F64, I64, U64. It is damaged, or made by a faulty program: get it again from where it was made.",
      "a field twice": "these bytes: header, character 53: "dtype" is there twice. It is damaged, or made by a faulty program: get it again from where it was made.",
      "a header beyond 100 MB": "these bytes: bytes 0 to 7: a header of 100000001 bytes, and 100000000 is the most. It is no safetensors file, or damaged: copy or download it again.",
      "a header longer than the file": "these bytes: bytes 0 to 7: a header of 9 bytes, and the file has 8 more. It is damaged or was cut short: copy or download it again.",
      "a header of 2^64 - 1 bytes": "these bytes: bytes 0 to 7: a header of 18446744073709551615 bytes, and 100000000 is the most. It is no safetensors file, or damaged: copy or download it again.",
      "a hole": "these bytes: header: tensor "b": its data begin at 8, and the one before it ends at 4. It is damaged or was cut short: copy or download it again.",
      "a hole at the beginning": "these bytes: header: tensor "a": its data begin at 4, and the one before it ends at 0. It is damaged or was cut short: copy or download it again.",
      "a line break in a name": "these bytes: header, character 1: this is no valid JSON. It is damaged, or made by a faulty program: get it again from where it was made.",
      "a product beyond 2^64": "these bytes: header, character 75: tensor "a": shape [4294967296, 4294967296, 4] has too many elements. It is damaged, or made by a faulty program: get it again from where it was made.",
      "a product that wraps round to 4 bytes": "these bytes: header, character 29: this number is beyond 2^53, more than a file can have. It is damaged, or made by a faulty program: get it again from where it was made.",
      "a shape that is a number": "these bytes: header, character 28: [ must be here. It is damaged, or made by a faulty program: get it again from where it was made.",
      "a shape that is null": "these bytes: header, character 28: [ must be here. It is damaged, or made by a faulty program: get it again from where it was made.",
      "a single quote": "these bytes: header, character 1: a string must be here. It is damaged, or made by a faulty program: get it again from where it was made.",
      "a size that is -1": "these bytes: header, character 29: a whole number from 0 must be here, in digits alone. It is damaged, or made by a faulty program: get it again from where it was made.",
      "a size that is 01": "these bytes: header, character 29: a whole number from 0 must be here, in digits alone. It is damaged, or made by a faulty program: get it again from where it was made.",
      "a size that is 1.0": "these bytes: header, character 29: a whole number from 0 must be here, in digits alone. It is damaged, or made by a faulty program: get it again from where it was made.",
      "a size that is 1e0": "these bytes: header, character 29: a whole number from 0 must be here, in digits alone. It is damaged, or made by a faulty program: get it again from where it was made.",
      "a size that is text": "these bytes: header, character 29: a whole number from 0 must be here, in digits alone. It is damaged, or made by a faulty program: get it again from where it was made.",
      "an array": "these bytes: header, byte 8: it must begin with {. It is damaged or was cut short: copy or download it again.",
      "an entry that is a number": "these bytes: header, character 5: { must be here. It is damaged, or made by a faulty program: get it again from where it was made.",
      "an entry that is null": "these bytes: header, character 5: { must be here. It is damaged, or made by a faulty program: get it again from where it was made.",
      "an entry without data_offsets": "these bytes: header, character 32: tensor "a": it needs dtype, shape and data_offsets. It is damaged, or made by a faulty program: get it again from where it was made.",
      "an entry without dtype": "these bytes: header, character 39: tensor "a": it needs dtype, shape and data_offsets. It is damaged, or made by a faulty program: get it again from where it was made.",
      "an entry without shape": "these bytes: header, character 41: tensor "a": it needs dtype, shape and data_offsets. It is damaged, or made by a faulty program: get it again from where it was made.",
      "an offset beyond 2^64": "these bytes: header, character 50: this number is beyond 2^53, more than a file can have. It is damaged, or made by a faulty program: get it again from where it was made.",
      "an offset of 2^53": "these bytes: header, character 50: this number is beyond 2^53, more than a file can have. It is damaged, or made by a faulty program: get it again from where it was made.",
      "an offset that is 4.0": "these bytes: header, character 50: a whole number from 0 must be here, in digits alone. It is damaged, or made by a faulty program: get it again from where it was made.",
      "an overlap": "these bytes: header: tensor "b": its data begin at 4, and the one before it ends at 8. It is damaged or was cut short: copy or download it again.",
      "an unknown dtype": "these bytes: header, character 53: tensor "a": dtype "F33" is none of BOOL, F4, F6_E2M3, F6_E3M2, U8, I8, F8_E5M2, F8_E4M3, F8_E8M0, F8_E4M3FNUZ, F8_E5M2FNUZ, I16, U16, F16, BF16, I32, U32, F32, C64, F64, I64, U64. It is damaged, or made by a faulty program: get it again from where it was made.",
      "an unknown escape": "these bytes: header, character 1: this is no valid JSON. It is damaged, or made by a faulty program: get it again from where it was made.",
      "arrays 200 deep": "these bytes: header, character 120: it is nested deeper than 64 levels. It is damaged, or made by a faulty program: get it again from where it was made.",
      "data that are cut short": "these bytes: header: the tensors take 8 bytes, and 7 follow the header. It is damaged or was cut short: copy or download it again.",
      "fewer bytes than the shape": "these bytes: header, character 53: tensor "a": data_offsets [0, 4] are 4 bytes, and shape [2] of F32 takes 8. It is damaged, or made by a faulty program: get it again from where it was made.",
      "half a byte": "these bytes: header, character 52: tensor "a": shape [1] of F4 does not fill whole bytes. It is damaged, or made by a faulty program: get it again from where it was made.",
      "half of a surrogate pair": "these bytes: header, character 1: this is no valid string. It is damaged, or made by a faulty program: get it again from where it was made.",
      "metadata that are an array": "these bytes: header, character 16: { must be here. It is damaged, or made by a faulty program: get it again from where it was made.",
      "metadata that are numbers": "these bytes: header, character 21: a string must be here. It is damaged, or made by a faulty program: get it again from where it was made.",
      "metadata twice": "these bytes: header, character 26: "__metadata__" is there twice. It is damaged, or made by a faulty program: get it again from where it was made.",
      "more bytes than the shape": "these bytes: header, character 53: tensor "a": data_offsets [0, 4] are 4 bytes, and shape [0] of F32 takes 0. It is damaged, or made by a faulty program: get it again from where it was made.",
      "no JSON": "these bytes: header, character 1: a string must be here. It is damaged, or made by a faulty program: get it again from where it was made.",
      "no UTF-8": "these bytes: header, bytes 8 to 14: no valid UTF-8. It is damaged or was cut short: copy or download it again.",
      "no comma": "these bytes: header, character 54: , or } must be here. It is damaged, or made by a faulty program: get it again from where it was made.",
      "no header": "these bytes: header, byte 8: it must begin with {. It is damaged or was cut short: copy or download it again.",
      "nothing": "these bytes: 0 bytes are too few for a safetensors file, which begins with 8 that give its header's length. It is damaged or was cut short: copy or download it again.",
      "offsets in the wrong order": "these bytes: header, character 53: tensor "a": data_offsets [4, 0] end before they begin. It is damaged, or made by a faulty program: get it again from where it was made.",
      "one offset": "these bytes: header, character 51: tensor "a": data_offsets must be two numbers, and are 1. It is damaged, or made by a faulty program: get it again from where it was made.",
      "seven bytes": "these bytes: 7 bytes are too few for a safetensors file, which begins with 8 that give its header's length. It is damaged or was cut short: copy or download it again.",
      "the same bytes twice": "these bytes: header: tensor "b": its data begin at 0, and the one before it ends at 4. It is damaged or was cut short: copy or download it again.",
      "three offsets": "these bytes: header, character 55: tensor "a": data_offsets must be two numbers, and are 3. It is damaged, or made by a faulty program: get it again from where it was made.",
      "two objects": "these bytes: header, character 2: the end must be here. It is damaged, or made by a faulty program: get it again from where it was made.",
    }
  `);
});

it("refuses what the text of the format forbids, though the reference takes it", async () => {
  const messages: Record<string, string> = {};
  for (const { title, bytes, package: says } of reference.refused) {
    if (says === null) messages[title] = await messageOf(bytes);
  }
  expect(messages).toMatchInlineSnapshot(`
    {
      "a key of the metadata twice": "these bytes: header, character 25: "a" is there twice. It is damaged, or made by a faulty program: get it again from where it was made.",
      "a name twice": "these bytes: header, character 54: "a" is there twice. It is damaged, or made by a faulty program: get it again from where it was made.",
      "a name twice, once escaped": "these bytes: header, character 54: "a" is there twice. It is damaged, or made by a faulty program: get it again from where it was made.",
      "a space in front": "these bytes: header, byte 8: it must begin with {. It is damaged or was cut short: copy or download it again.",
      "an unknown field twice": "these bytes: header, character 59: "x" is there twice. It is damaged, or made by a faulty program: get it again from where it was made.",
      "empty, of 2^53 or more": "these bytes: header, character 29: this number is beyond 2^53, more than a file can have. It is damaged, or made by a faulty program: get it again from where it was made.",
      "padding by line breaks": "these bytes: header, character 2: the end must be here. It is damaged, or made by a faulty program: get it again from where it was made.",
    }
  `);
});

it("says what a file is that is none of safetensors", async () => {
  const pad = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.padEnd(200, " "), "latin1"));
  const files = {
    zip: pad("PK\x03\x04\0\0\x08\x08"),
    pickle: pad("\x80\x02\x8a\x0al\xfc\x9cF"),
    pointer: pad("version https://git-lfs.github.com/spec/v1\noid sha256:12"),
    page: pad("<!DOCTYPE html><html>"),
    index: pad('{"metadata": {}, "weight_map": {}}'),
    other: pad("anything else"),
  };
  const messages: Record<string, string> = {};
  for (const [title, bytes] of Object.entries(files)) messages[title] = await messageOf(bytes);
  expect(messages).toMatchInlineSnapshot(`
    {
      "index": "these bytes: bytes 0 to 7: a header of 7017841271895827067 bytes, and 100000000 is the most. It is JSON. The index of a sharded model is read under its own name, which ends in .index.json.",
      "other": "these bytes: bytes 0 to 7: a header of 7453010330696380001 bytes, and 100000000 is the most. It is no safetensors file, or damaged: copy or download it again.",
      "page": "these bytes: bytes 0 to 7: a header of 5789751444030890300 bytes, and 100000000 is the most. It is a web page, perhaps one that tells of an error: download the file itself.",
      "pickle": "these bytes: bytes 0 to 7: a header of 5088219219985302144 bytes, and 100000000 is the most. It is a pickle, as old versions of PyTorch write them: read it with loadPt.",
      "pointer": "these bytes: bytes 0 to 7: a header of 2336927755350992246 bytes, and 100000000 is the most. It is a pointer of Git LFS: fetch the file that it stands for with git lfs pull.",
      "zip": "these bytes: bytes 0 to 7: a header of 578712552184433488 bytes, and 100000000 is the most. It is a zip file, as PyTorch writes them: read it with loadPt.",
    }
  `);
});

it("reads nothing of a header that the file is too short for", async () => {
  const reads: number[] = [];
  const bytes = await encodeSafetensors({ a: Float32Array.of(1) });
  new DataView(bytes.buffer).setBigUint64(0, 99_999_999n, true);
  const source = {
    name: "a.safetensors",
    size: bytes.length,
    async read(offset: number, length: number) {
      reads.push(length);
      return bytes.subarray(offset, offset + length);
    },
    async close() {},
  };
  await expect(loadSafetensors(source)).rejects.toThrow("a header of 99999999 bytes");
  expect(reads).toEqual([bytes.length]);
});

it("shortens names that would fill the screen", async () => {
  const header = `{"${"a".repeat(10_000)}":{"dtype":"F99","shape":[],"data_offsets":[0,0]}}`;
  const bytes = Buffer.concat([Buffer.from(new BigUint64Array([BigInt(header.length)]).buffer), Buffer.from(header)]);
  expect((await messageOf(bytes)).length).toBeLessThan(700);
});
