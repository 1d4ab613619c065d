import { describe, expect, it } from "vitest";
import { bytesOf } from "../../test/handmade.ts";
import { TorchWorld } from "../pt/torch-world.ts";
import { Complex } from "./complex.ts";
import { PythonBytes } from "./python-bytes.ts";
import { readPickle } from "./read-pickle.ts";
import { Tuple } from "./tuple.ts";

/** What the opcodes give. */
const read = (opcodes: string): unknown => readPickle(bytesOf(opcodes), new TorchWorld()).value;

/** What is wrong with them. */
function problemOf(opcodes: string): string {
  try {
    read(opcodes);
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  return "none";
}

describe("readPickle", () => {
  // Opcodes and meanings: Python's pickletools.
  it.each([
    ["N.", null],
    ["\x88.", true],
    ["\x89.", false],
    ["K\xff.", 255],
    ["M\x01\x02.", 0x201],
    ["J\xff\xff\xff\xff.", -1],
    ["\x8a\0.", 0],
    ["\x8a\x01\xff.", -1],
    ["\x8a\x02\xff\0.", 255],
    ["\x8a\x07\0\0\0\0\0\0\x20.", 9007199254740992n],
    ["G\x3f\xf8\0\0\0\0\0\0.", 1.5],
    ["X\x02\0\0\0\xc3\xa9.", "é"],
    ["U\x01a.", "a"],
    ["].", []],
    ["}.", new Map()],
    ["\x8f.", new Set()],
    [").", Tuple.from([])],
    ["NN\x86.", Tuple.from([null, null])],
    ["](NNe.", [null, null]],
    ["]Na.", [null]],
    ["}K\x01Ns.", new Map([[1, null]])],
    [
      "}(K\x01NK\x02Nu.",
      new Map([
        [1, null],
        [2, null],
      ]),
    ],
    ["]q\0h\0a.", "a list in itself"],
    ["c__builtin__\nset\n](K\x01K\x01e\x85R.", new Set([1])],
    ["c__builtin__\ncomplex\nG\0\0\0\0\0\0\0\0K\x01\x86R.", new Complex(0, 1)],
    ["c_codecs\nencode\nX\x02\0\0\0\xc3\xbfU\x06latin1\x86R.", new PythonBytes(Uint8Array.of(255))],
    ["ccollections\nCounter\n}K\x01K\x02s\x85R.", new Map([[1, 2]])],
    ["ccollections\nOrderedDict\n]K\x01K\x02\x86a\x85R.", new Map([[1, 2]])],
    ["ccollections\nOrderedDict\n)R}X\x09\0\0\0_metadataNsb.", new Map()],
    ["ccollections\nOrderedDict\n)\x81.", new Map()],
    ["\x80\x04N.", null],
    ["N.what follows is ignored", null],
  ])("reads %j", (opcodes, expected) => {
    const value = read(opcodes);
    if (expected === "a list in itself") expect((value as unknown[])[0]).toBe(value);
    else expect(value instanceof Map ? new Map(value) : value).toEqual(expected);
  });

  // What PyTorch's weights-only reader refuses; the names are pickletools'.
  it.each([
    ["STACK_GLOBAL", "\x93"],
    ["SHORT_BINUNICODE", "\x8c"],
    ["BINUNICODE8", "\x8d"],
    ["MEMOIZE", "\x94"],
    ["FRAME", "\x95"],
    ["BINBYTES", "B"],
    ["SHORT_BINBYTES", "C"],
    ["BINBYTES8", "\x8e"],
    ["BYTEARRAY8", "\x96"],
    ["NEXT_BUFFER", "\x97"],
    ["READONLY_BUFFER", "\x98"],
    ["ADDITEMS", "\x90"],
    ["FROZENSET", "\x91"],
    ["NEWOBJ_EX", "\x92"],
    ["INST", "i"],
    ["OBJ", "o"],
    ["POP", "0"],
    ["POP_MARK", "1"],
    ["DUP", "2"],
    ["INT", "I"],
    ["LONG", "L"],
    ["LONG4", "\x8b"],
    ["FLOAT", "F"],
    ["UNICODE", "V"],
    ["STRING", "S"],
    ["BINSTRING", "T"],
    ["DICT", "d"],
    ["LIST", "l"],
    ["GET", "g"],
    ["PUT", "p"],
    ["PERSID", "P"],
    ["EXT1", "\x82"],
    ["EXT2", "\x83"],
    ["EXT4", "\x84"],
    ["no opcode", "\xff"],
  ])("refuses %s", (_, opcode) => {
    const code = opcode.charCodeAt(0).toString(16).padStart(2, "0");
    expect(problemOf(`N${opcode}`)).toBe(
      `PickleProblem: byte 1: opcode 0x${code} is none of those that state dicts are pickled with`,
    );
  });

  it("names what would run, and where", () => {
    const problems = [
      "cos\nsystem\nX\x02\0\0\0ls\x85R.",
      "cposix\nsystem\n.",
      "cnt\nsystem\n.",
      "csys\nexit\n.",
      "c__builtin__\neval\n.",
      "cbuiltins\ngetattr\n.",
      "ccollections\ndefaultdict\n.",
      "cnumpy._core.multiarray\nscalar\n.",
      "cmy_package.model\nNet\n)\x81.",
      "c__builtin__\n__proto__\n.",
      "ctorch\n__proto__\n.",
    ].map(problemOf);
    expect(problems).toMatchInlineSnapshot(`
      [
        "PickleProblem: byte 0: it would run os.system",
        "PickleProblem: byte 0: it would run posix.system",
        "PickleProblem: byte 0: it would run nt.system",
        "PickleProblem: byte 0: it would run sys.exit",
        "PickleProblem: byte 0: it needs builtins.eval, which is no part of a state dict",
        "PickleProblem: byte 0: it needs builtins.getattr, which is no part of a state dict",
        "PickleProblem: byte 0: it needs collections.defaultdict, which is no part of a state dict",
        "PickleProblem: byte 0: it needs numpy._core.multiarray.scalar, which is no part of a state dict",
        "PickleProblem: byte 0: it needs my_package.model.Net, which is no part of a state dict",
        "PickleProblem: byte 0: it needs builtins.__proto__, which is no part of a state dict",
        "PickleProblem: byte 0: it needs torch.__proto__, which is no part of a state dict",
      ]
    `);
  });

  it("checks what is called, built, appended to and set", () => {
    const problems = [
      "N)R.",
      "N)\x81.",
      "ctorch\nfloat32\n)R.",
      "c__builtin__\nset\nNR.",
      "ctorch\nTensor\n)R.",
      "}}b.",
      "]Nb.",
      ")Na.",
      "}Na.",
      "N(Ne.",
      "]K\x01Ns.",
      ")(NNu.",
      "}(Nu.",
      "}]Ns.",
      "}}Ns.",
      "c__builtin__\nset\n]]a\x85R.",
      "c__builtin__\nset\nN\x85R.",
      "c_codecs\nencode\nX\x03\0\0\0\xe2\x82\xac\x85R.",
      "c__builtin__\ncomplex\nNN\x86R.",
      "ctorch\ndevice\nN\x85R.",
      "ctorch\nSize\n]\x85R.",
      "ctorch._tensor\n_rebuild_from_type_v2\n(ctorch._tensor\n_rebuild_from_type_v2\nN)NtR.",
    ].map(problemOf);
    expect(problems).toMatchInlineSnapshot(`
      [
        "PickleProblem: byte 2: REDUCE calls a None",
        "PickleProblem: byte 2: NEWOBJ calls a None",
        "PickleProblem: byte 16: REDUCE calls a TorchDType",
        "PickleProblem: byte 18: builtins.set is called with a None",
        "PickleProblem: byte 15: torch.Tensor is called",
        "PickleProblem: byte 2: cannot set attributes of a dict: it is no OrderedDict",
        "PickleProblem: byte 2: cannot set attributes of a list: it is no OrderedDict",
        "PickleProblem: byte 2: cannot append to a tuple: it is no list",
        "PickleProblem: byte 2: cannot append to a dict: it is no list",
        "PickleProblem: byte 3: cannot append to a None: it is no list",
        "PickleProblem: byte 4: cannot set items of a list: it is no dict",
        "PickleProblem: byte 4: cannot set items of a tuple: it is no dict",
        "PickleProblem: byte 3: a key without a value",
        "PickleProblem: byte 3: a list is the key of a dict or in a set",
        "PickleProblem: byte 3: a dict is the key of a dict or in a set",
        "PickleProblem: byte 21: a list is the key of a dict or in a set",
        "PickleProblem: byte 19: a set of no list",
        "PickleProblem: byte 25: bytes that are not in latin1",
        "PickleProblem: byte 24: a complex number that is not made of two floats",
        "PickleProblem: byte 16: a torch.device that is not made of a name and a number",
        "PickleProblem: byte 14: a torch.Size that is not made of a tuple",
        "PickleProblem: byte 79: a tensor that is rebuilt by no function",
      ]
    `);
  });

  it("reaches for nothing that is not there", () => {
    const problems = [
      "",
      ".",
      "N",
      "a.",
      "](a.",
      "(t",
      "Nt.",
      "e.",
      "\x85.",
      "N\x87.",
      "q\0.",
      "h\0.",
      "j\xff\xff\xff\xff.",
      "X\xff\xff\xff\xff.",
      "X\x01\0\0\0\xff.",
      "\x8a\xff.",
      "G\0.",
      "cos",
      `c${"a".repeat(2000)}`,
      "Q.",
      "NQ.",
      ")Q.",
      "U\x06modulNN\x87Q.",
    ].map(problemOf);
    expect(problems).toMatchInlineSnapshot(`
      [
        "PickleProblem: byte 0: the pickle is cut short",
        "PickleProblem: byte 0: the stack is empty",
        "PickleProblem: byte 1: the pickle is cut short",
        "PickleProblem: byte 0: the stack is empty",
        "PickleProblem: byte 2: the stack is empty",
        "PickleProblem: byte 2: the pickle is cut short",
        "PickleProblem: byte 1: there is no MARK before it",
        "PickleProblem: byte 0: there is no MARK before it",
        "PickleProblem: byte 0: the stack is empty",
        "PickleProblem: byte 1: the stack is empty",
        "PickleProblem: byte 0: the stack is empty",
        "PickleProblem: byte 0: nothing was remembered as 0",
        "PickleProblem: byte 0: nothing was remembered as 4294967295",
        "PickleProblem: byte 0: the pickle is cut short",
        "PickleProblem: byte 0: a string is not UTF-8",
        "PickleProblem: byte 0: the pickle is cut short",
        "PickleProblem: byte 0: the pickle is cut short",
        "PickleProblem: byte 0: the pickle is cut short",
        "PickleProblem: byte 0: a name of more than 1024 bytes",
        "PickleProblem: byte 0: the stack is empty",
        "PickleProblem: byte 1: a persistent id that is no storage's",
        "PickleProblem: byte 1: a persistent id that is no storage's",
        "PickleProblem: byte 9: the stack is empty",
      ]
    `);
  });

  it("stops at pickles that make far more than they are", () => {
    const many = (opcode: string) => problemOf(opcode.repeat(2 ** 24 / opcode.length + 16));
    const text = `X\xff\xff\x0f\0${"a".repeat(0xfffff)}q\0`;
    const copies = `${text}c_codecs\nencode\nq\x01${"h\x01h\0\x85R".repeat(1000)}.`;
    const problems = [many("]"), many("N"), many("("), problemOf(copies)];
    expect(problems).toMatchInlineSnapshot(`
      [
        "PickleProblem: byte 4194304: more than 4194304 lists, tuples and dicts",
        "PickleProblem: byte 16777215: more than 16777215 values",
        "PickleProblem: byte 16777215: more than 16777215 values",
        "PickleProblem: byte 1050141: more sets, dicts or bytes than fit a pickle of its size",
      ]
    `);
  });
});
