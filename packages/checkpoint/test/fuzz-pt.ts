import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { CheckpointError, loadPt } from "../src/index.ts";
import { opcodes } from "../src/pickle/opcodes.ts";
import { archiveOf, pickled, pickledTensor } from "./handmade.ts";

const folder = join(import.meta.dirname, "../reference/pt");

/** Files that PyTorch wrote, with bytes of them changed, and cut short. */
function damagedFiles(): fc.Arbitrary<Uint8Array> {
  const files = readdirSync(folder).map((name) => new Uint8Array(readFileSync(join(folder, name))));
  return fc
    .record({
      file: fc.constantFrom(...files),
      // Of the length of the file: most of what can be wrong is at the end, where the directory is, and at the beginning.
      flips: fc.array(
        fc.tuple(fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.9)), fc.nat(255)),
        { maxLength: 4 },
      ),
      cut: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 4 }),
    })
    .map(({ file, flips, cut }) => {
      const damaged = file.slice(0, cut === null ? file.length : Math.floor(cut * file.length));
      for (const [place, value] of flips) {
        if (damaged.length > 0) damaged[Math.min(Math.floor(place * damaged.length), damaged.length - 1)] = value;
      }
      return damaged;
    });
}

/** Opcodes as they come, with arguments that fit them more often than not. */
function programs(): fc.Arbitrary<string> {
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
  return fc.array(instruction, { maxLength: 40 }).map((instructions) => instructions.join(""));
}

/**
 * Load files that nobody wrote on purpose: each loads, or throws a `CheckpointError`, soon, and changes nothing else.
 *
 * @param numRuns - how many of each kind
 */
export async function fuzzPt({ numRuns, seed }: { numRuns: number; seed?: number }): Promise<void> {
  const options = { numRuns, ...(seed !== undefined && { seed }) };
  await fc.assert(fc.asyncProperty(damagedFiles(), loadsOrRefuses), options);
  const archives = fc.asyncProperty(programs(), async (program) => loadsOrRefuses(await archiveOf(program)));
  await fc.assert(archives, options);
}

// Far above what any takes: a machine may have other things to do.
const longest = 5_000;

async function loadsOrRefuses(file: Uint8Array): Promise<void> {
  const before = performance.now();
  const prototypes = [Object.prototype, Array.prototype, Map.prototype].map(
    (prototype) => Object.getOwnPropertyNames(prototype).length,
  );
  try {
    await loadPt(file);
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
  }
  const after = [Object.prototype, Array.prototype, Map.prototype].map(
    (prototype) => Object.getOwnPropertyNames(prototype).length,
  );
  if (`${after}` !== `${prototypes}`) throw new Error("A prototype was changed.");
  if (performance.now() - before > longest) throw new Error(`It took ${performance.now() - before} ms.`);
}
