import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

// What only a process of its own can show: that it ends by itself, what the garbage collector gives back, other versions of Node.

const source = new URL("./index.ts", import.meta.url).href;
const built = new URL("../dist/index.js", import.meta.url);

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From the last line it printed to its end. */
  readonly milliseconds: number;
}

/** Run a module's text to its end. */
function run(code: string, { node = process.execPath, flags = ["--conditions=@anneal/source"] } = {}): Promise<Ended> {
  const child = spawn(node, [...flags, "--input-type=module", "--eval", code], {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  let [stdout, stderr, printed] = ["", "", Date.now()];
  child.stdout.on("data", (data) => {
    stdout += data;
    printed = Date.now();
  });
  child.stderr.on("data", (data) => {
    stderr += data;
  });
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill("SIGKILL"), 30_000);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr, milliseconds: Date.now() - printed });
    });
  });
}

/** Work that threads share: 2 million elements, a matrix product, a training step. */
const work = (from: string): string => `
import { tensor, ones, randn, manualSeed, wasm, setDefaultDevice, defaultDevice } from "${from}";
const devices = [defaultDevice(), await wasm({ threads: 3 }), await wasm({ threads: 1 })];
for (const device of devices) {
  setDefaultDevice(device);
  manualSeed(0);
  const x = ones([2_000_000]).mul(2).add(1);
  const w = randn([200, 200]);
  w.requiresGrad = true;
  w.matmul(w).tanh().sum().backward();
  console.log(x.sum().itemSync(), (await w.grad.sum().item()).toFixed(2));
}
console.log(devices[1].info.threads, devices[2].info.threads);
`;

const expectWork = ({ code, stdout, stderr }: Ended, threads: number): void => {
  expect(stderr).toBe("");
  const lines = stdout.trim().split("\n");
  expect(lines[0]).toMatch(/^6000000 /);
  expect(lines.slice(1)).toEqual([lines[0], lines[0], `${threads} 1`]);
  expect(code).toBe(0);
};

describe("a process", () => {
  it("does nothing when it imports the package, and ends", async () => {
    const { code, stdout, milliseconds } = await run(`
      await import("${source}");
      console.log(process.getActiveResourcesInfo().filter((name) => !/TTY|Pipe|FSReq/.test(name)).join());
    `);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "\n" });
    expect(milliseconds).toBeLessThan(2000);
  });

  it("ends by itself soon after threads have worked, nobody having stopped them", async () => {
    const ended = await run(work(source));
    expectWork(ended, 3);
    expect(ended.milliseconds).toBeLessThan(2000);
  });

  it("ends with its own error, threads or not", async () => {
    const { code, stderr } = await run(`
      import { ones, wasm } from "${source}";
      ones([2_000_000], { device: await wasm({ threads: 3 }) }).sum().itemSync();
      throw new Error("mine");
    `);
    expect(code).toBe(1);
    expect(stderr).toContain("Error: mine");
  });

  it("computes in one thread where it may start no others", async () => {
    const flags = ["--conditions=@anneal/source", "--permission", "--allow-fs-read=*"];
    expectWork(await run(work(source), { flags }), 1);
  });

  it("gives back what nobody holds any more, without any scope", async () => {
    const { stdout, stderr } = await run(
      `
      import { memory, tensor } from "${source}";
      const collected = async () => {
        for (let i = 0; i < 10; i++) { gc(); await new Promise((resolve) => setTimeout(resolve, 5)); }
        return memory().tensors;
      };
      const kept = tensor([1, 2, 3], { requiresGrad: true });
      (() => {
        for (let i = 0; i < 100; i++) {
          const x = tensor(new Float32Array(1000));
          x.add(1).reshape([10, 100]).T.sum(0).realize(); // values, views
          kept.mul(i).exp().sum().realize(); // graphs without backward
          kept.square().sum().backward();
          kept.grad = null;
        }
      })();
      const before = memory();
      const after = await collected();
      console.log(before.tensors > 500, after, memory().bytes, kept.arraySync().join());
      `,
      { flags: ["--conditions=@anneal/source", "--expose-gc"] },
    );
    expect(stderr).toBe("");
    expect(stdout).toBe("true 1 12 1,2,3\n");
  });

  it("stays the same size in a training loop without scopes, the collector helping", async () => {
    const { stdout, stderr } = await run(
      `
      import { tensor, randn, noGrad, memory } from "${source}";
      const w = randn([100, 100]).mul(0.1).detach().clone().realize();
      w.requiresGrad = true;
      const x = randn([200, 100]).realize();
      const step = () => {
        x.matmul(w).tanh().square().mean().backward();
        noGrad(() => w.sub_(w.grad));
        w.grad = null;
      };
      const sizes = [];
      for (let round = 0; round < 4; round++) {
        for (let i = 0; i < 50; i++) step();
        gc();
        await new Promise((resolve) => setTimeout(resolve, 20));
        gc();
        await new Promise((resolve) => setTimeout(resolve, 20));
        sizes.push(memory().bytes);
      }
      console.log(sizes[3] <= sizes[1], sizes[1] < 1e6);
      `,
      { flags: ["--conditions=@anneal/source", "--expose-gc"] },
    );
    expect(stderr).toBe("");
    expect(stdout).toBe("true true\n");
  });
});

/** A Node of the oldest version we support, if there is one on the path. */
function node20(): string | null {
  for (const folder of ["/usr/bin", "/usr/local/bin", ...(process.env.PATH ?? "").split(":")]) {
    const node = `${folder}/node`;
    try {
      if (existsSync(node) && execFileSync(node, ["--version"]).toString().startsWith("v20.")) return node;
    } catch {}
  }
  return null;
}

describe.skipIf(!existsSync(built))("the built package (skipped where nothing is built: pnpm build)", () => {
  it("works in this Node", async () => {
    expectWork(await run(work(built.href), { flags: [] }), 3);
  });

  const old = node20();
  it.skipIf(old === null)("works in Node 20 (skipped where there is none)", async () => {
    const ended = await run(work(built.href), { node: old as string, flags: [] });
    expectWork(ended, 3);
    expect(ended.milliseconds).toBeLessThan(2000);
  });
});
