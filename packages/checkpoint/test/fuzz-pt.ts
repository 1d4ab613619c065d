import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { encodePt, loadPt } from "../src/index.ts";
import { opcodes } from "../src/pickle/opcodes.ts";
import { type FuzzResult, fuzz, isRead } from "./fuzz.ts";
import { archiveOf, bytesOf, pickled, pickledTensor } from "./handmade.ts";
import { mutated } from "./mutated.ts";

const folder = join(import.meta.dirname, "../reference/pt");

const files = readdirSync(folder).map((name) => new Uint8Array(readFileSync(join(folder, name))));

/** An archive without CRCs, so that what is damaged comes through to the reader of the pickle. */
function withoutCrcs(file: Uint8Array): Uint8Array {
  const archive = Buffer.from(file);
  for (let at = archive.indexOf("PK\x01\x02"); at >= 0; at = archive.indexOf("PK\x01\x02", at + 1))
    archive.writeUInt32LE(0, at + 16);
  return new Uint8Array(archive);
}

/** Opcodes as they come, with arguments that fit them more often than not. */
const u8 = fc.nat(255).map((byte) => String.fromCharCode(byte));
const plain = Object.values(opcodes).map((code) => String.fromCharCode(code));
const globals = [
  "collections\nOrderedDict",
  "collections\nCounter",
  "__builtin__\nset",
  "__builtin__\ncomplex",
  "__builtin__\nbytearray",
  "_codecs\nencode",
  "torch\nSize",
  "torch\ndevice",
  "torch\nfloat32",
  "torch\nFloatStorage",
  "torch\nTensor",
  "torch.nn.parameter\nParameter",
  "torch.storage\nUntypedStorage",
  "torch.serialization\n_get_layout",
  "torch._tensor\n_rebuild_from_type_v2",
  "torch._utils\n_rebuild_tensor",
  "torch._utils\n_rebuild_tensor_v2",
  "torch._utils\n_rebuild_tensor_v3",
  "torch._utils\n_rebuild_parameter",
  "torch._utils\n_rebuild_sparse_tensor",
  "torch._utils\n_rebuild_meta_tensor_no_storage",
  "os\nsystem",
];
const instruction = fc.oneof(
  fc.constantFrom(...plain),
  fc.constantFrom(
    ")",
    "]",
    "}",
    "(",
    "N",
    "\x89",
    "K\0",
    "K\x01",
    "K\x04",
    "q\0",
    "q\x01",
    "h\0",
    "h\x01",
    "R",
    "t",
    "\x85",
    "\x86",
    "u",
    "e",
  ),
  fc.constantFrom(...globals).map((name) => `c${name}\n`),
  fc.constantFrom("storage", "0", "cpu", "__proto__", "constructor", "10", "torch.sparse_coo").map(pickled),
  fc.constant(pickledTensor()),
  fc.tuple(fc.constantFrom("K", "q", "h", "U", "\x8a"), u8).map(([code, byte]) => code + byte),
  u8,
);
const programs = fc.array(instruction, { maxLength: 40 }).map((instructions) => instructions.join(""));

/**
 * Hand `loadPt` files that are wrong in every way that chance finds: each must load, or be refused by a `CheckpointError`, with the prototypes as
 * they were.
 *
 * @throws {Error} with the smallest file that does otherwise
 */
export const fuzzPt = (cases: number, seed: number): Promise<FuzzResult> =>
  fuzz(cases, seed, [
    [0.2, fc.constantFrom(...files).chain(mutated), isLoaded],
    [0.4, fc.constantFrom(...files.map(withoutCrcs)).chain(mutated), isLoaded],
    [0.4, programs.map(bytesOf), async (program) => isLoaded(await archiveOf(Buffer.from(program).toString("latin1")))],
  ]);

async function isLoaded(file: Uint8Array): Promise<boolean> {
  return isRead(async () => {
    const value = await loadPt(file);
    // What loads also is something that can be saved; unless it contains itself.
    await encodePt(value);
  });
}
