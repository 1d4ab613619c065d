import { readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { serve, withRanges } from "../../test/file-server.ts";
import { loadSafetensors, openSafetensors, saveSafetensors } from "../index.ts";

const root = await mkdtemp(join(tmpdir(), "anneal-shards-"));
afterAll(() => rm(root, { recursive: true }));
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(root, "model-"));
});

const model = new Map(["a", "b", "c", "d", "e"].map((name, i) => [name, new Float32Array(10).fill(i)]));
const firsts = (tensors: Awaited<ReturnType<typeof loadSafetensors>>): (string | number | bigint | undefined)[][] =>
  [...tensors].map(([name, { data }]) => [name, data[0]]);
const whole = [...model.keys()].map((name, i) => [name, i]);
const save = (maxShardSize: number): Promise<void> =>
  saveSafetensors(model, join(folder, "model.safetensors"), { maxShardSize });

describe("a sharded model", () => {
  it("is written in Hugging Face's naming, with its index", async () => {
    await save(80);
    expect((await readdir(folder)).sort()).toMatchInlineSnapshot(`
      [
        "model-00001-of-00003.safetensors",
        "model-00002-of-00003.safetensors",
        "model-00003-of-00003.safetensors",
        "model.safetensors.index.json",
      ]
    `);
    expect(await readFile(join(folder, "model.safetensors.index.json"), "utf8")).toMatchInlineSnapshot(`
      "{
        "metadata": {
          "total_size": 200
        },
        "weight_map": {
          "a": "model-00001-of-00003.safetensors",
          "b": "model-00001-of-00003.safetensors",
          "c": "model-00002-of-00003.safetensors",
          "d": "model-00002-of-00003.safetensors",
          "e": "model-00003-of-00003.safetensors"
        }
      }
      "
    `);
  });

  it("is read by its folder, its index, or the name that it would have in one file", async () => {
    await save(80);
    for (const place of [folder, join(folder, "model.safetensors.index.json"), join(folder, "model.safetensors")]) {
      expect(firsts(await loadSafetensors(place)), place).toEqual(whole);
      await using file = await openSafetensors(place);
      expect(file.names).toEqual([...model.keys()]);
      expect((await file.get("d")).data[0]).toBe(3);
      expect(file.metadata.get("format")).toBe("pt");
    }
  });

  it("that fits into one file is one, without an index", async () => {
    await save(200);
    expect(await readdir(folder)).toEqual(["model.safetensors"]);
    expect(firsts(await loadSafetensors(folder))).toEqual(whole);
  });

  it("gives a tensor that is larger than a shard one of its own", async () => {
    await save(1);
    expect((await readdir(folder)).length).toBe(6);
    expect(firsts(await loadSafetensors(folder))).toEqual(whole);
  });

  it("leaves nothing of an older save that readers would take for a part of it", async () => {
    await writeFile(join(folder, "other.safetensors"), "");
    for (const size of [200, 80, 40, 120, 200]) {
      await save(size);
      expect(firsts(await loadSafetensors(folder)), String(size)).toEqual(whole);
    }
    expect((await readdir(folder)).sort()).toEqual(["model.safetensors", "other.safetensors"]);
  });

  it("leaves the old files when a tensor cannot be read", async () => {
    await save(80);
    const failing = { shape: [10], dtype: "float32", data: () => Promise.reject(new Error("the device is lost")) };
    const broken = new Map<string, typeof failing | Float32Array>([
      ["a", new Float32Array(20).fill(9)],
      ["b", failing],
    ]);
    const path = join(folder, "model.safetensors");
    await expect(saveSafetensors(broken, path, { maxShardSize: 80 })).rejects.toThrow("the device is lost");
    expect(firsts(await loadSafetensors(folder))).toEqual(whole);
    expect((await readdir(folder)).length).toBe(4);
  });

  it("is read from a server by the URL of its index: one request for each file", async () => {
    await save(80);
    const files = Object.fromEntries((await readdir(folder)).map((name) => [name, readFileSync(join(folder, name))]));
    await using server = await serve(files, (request, response, bytes) =>
      request.headers.authorization === "Bearer me"
        ? withRanges(request, response, bytes)
        : response.writeHead(401).end(),
    );
    const url = new URL("model.safetensors.index.json", server.url);
    const request = new Request(url, { headers: { authorization: "Bearer me" } });
    expect(firsts(await loadSafetensors(request))).toEqual(whole);
    expect(server.requests.length).toBe(4);
    await expect(loadSafetensors(url)).rejects.toThrow("401");
  });

  it("whose index lies is an error", async () => {
    await save(80);
    const path = join(folder, "model.safetensors.index.json");
    const first = "model-00001-of-00003.safetensors";
    const indexes: Record<string, string> = {
      "a file elsewhere": '{"weight_map":{"a":"../../etc/passwd"}}',
      "a file of another drive": '{"weight_map":{"a":"C:model.safetensors"}}',
      "a folder": '{"weight_map":{"a":".."}}',
      "a tensor that is not there": `{"weight_map":{"z":"${first}"}}`,
      "a tensor of another file": `{"weight_map":{"a":"${first}","e":"${first}"}}`,
      "a file that is not there": '{"weight_map":{"a":"none.safetensors"}}',
      "a name twice": `{"weight_map":{"a":"${first}","a":"${first}"}}`,
      "no map": "{}",
      "no JSON": "weight_map",
      nothing: "",
      itself: '{"weight_map":{"a":"model.safetensors.index.json"}}',
    };
    const messages: Record<string, string> = {};
    for (const [title, text] of Object.entries(indexes)) {
      await writeFile(path, text);
      messages[title] = await loadSafetensors(path).then(
        () => "is read",
        (error) => String(error).replaceAll(folder, "FOLDER"),
      );
    }
    expect(messages).toMatchInlineSnapshot(`
      {
        "a file elsewhere": "CheckpointError: FOLDER/model.safetensors.index.json: index, character 37: tensor "a": "../../etc/passwd" is no name of a file beside the index. It is damaged, or made by a faulty program: get it again from where it was made.",
        "a file of another drive": "CheckpointError: FOLDER/model.safetensors.index.json: index, character 40: tensor "a": "C:model.safetensors" is no name of a file beside the index. It is damaged, or made by a faulty program: get it again from where it was made.",
        "a file that is not there": "CheckpointError: FOLDER/none.safetensors: cannot be opened (ENOENT). Check the path.",
        "a folder": "CheckpointError: FOLDER/model.safetensors.index.json: index, character 23: tensor "a": ".." is no name of a file beside the index. It is damaged, or made by a faulty program: get it again from where it was made.",
        "a name twice": "CheckpointError: FOLDER/model.safetensors.index.json: index, character 54: "a" is there twice. It is damaged, or made by a faulty program: get it again from where it was made.",
        "a tensor of another file": "CheckpointError: FOLDER/model.safetensors.index.json: tensor "e" is said to be in "model-00001-of-00003.safetensors", and is not. Its files are of different saves: get all of them again.",
        "a tensor that is not there": "CheckpointError: FOLDER/model.safetensors.index.json: tensor "z" is said to be in "model-00001-of-00003.safetensors", and is not. Its files are of different saves: get all of them again.",
        "itself": "CheckpointError: FOLDER/model.safetensors.index.json: bytes 0 to 7: a header of 8388068008349082235 bytes, and 100000000 is the most. It is JSON. The index of a sharded model is read under its own name, which ends in .index.json.",
        "no JSON": "CheckpointError: FOLDER/model.safetensors.index.json: index, character 0: { must be here. It is damaged, or made by a faulty program: get it again from where it was made.",
        "no map": "CheckpointError: FOLDER/model.safetensors.index.json: index, character 2: it has no weight_map. It is damaged, or made by a faulty program: get it again from where it was made.",
        "nothing": "CheckpointError: FOLDER/model.safetensors.index.json: index, character 0: { must be here. It is damaged, or made by a faulty program: get it again from where it was made.",
      }
    `);
  });

  it("has only the tensors that its index names", async () => {
    await save(80);
    const path = join(folder, "model.safetensors.index.json");
    await writeFile(path, '{"weight_map":{"a":"model-00001-of-00003.safetensors"}}');
    expect(firsts(await loadSafetensors(folder))).toEqual([["a", 0]]);
  });
});

it("says what a folder lacks that holds no model", async () => {
  const error = await loadSafetensors(folder).then(() => "", String);
  expect(error.replaceAll(folder, "FOLDER")).toMatchInlineSnapshot(
    `"CheckpointError: FOLDER: has neither model.safetensors nor model.safetensors.index.json. Name the file, or the index, that the model has."`,
  );
});

it("reads a single tensor of a URL by one request beside the one for the header", async () => {
  const large = new Map([...model].map(([name, numbers]) => [name, new Float32Array(100_000).fill(numbers[0] ?? 0)]));
  await saveSafetensors(large, join(folder, "large.safetensors"));
  await using server = await serve({ "large.safetensors": readFileSync(join(folder, "large.safetensors")) });
  const url = new URL("large.safetensors", server.url);
  await using file = await openSafetensors(url);
  expect(server.requests.length).toBe(1);
  expect((await file.get("d")).data).toEqual(new Float32Array(100_000).fill(3));
  expect(server.requests.length).toBe(2);
  // Neighbours come together.
  expect(firsts(await loadSafetensors(url))).toEqual(whole);
  expect(server.requests.length).toBe(4);
});
