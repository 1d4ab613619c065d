import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";

/** What the figures were made with. */
export interface Environment {
  readonly node: string;
  readonly cores: string;
  /** Null where python3 cannot import torch. */
  readonly torch: string | null;
  readonly tfjs: string;
  readonly jax: string;
  /** Are the packages built? Then cold starts are measured on what users install. */
  readonly built: boolean;
}

export function lookAround(wantTorch: boolean): Environment {
  return {
    node: process.versions.node,
    cores: `${availableParallelism()} cores, ${arch()}`,
    torch: wantTorch ? torchVersion() : null,
    tfjs: versionOf("@tensorflow/tfjs-core"),
    jax: versionOf("@jax-js/jax"),
    built: ["kernel", "tensor"].every(isBuilt),
  };
}

/** Is what is built as new as its sources? */
function isBuilt(name: string): boolean {
  const folder = fileURLToPath(new URL(`../../packages/${name}`, import.meta.url));
  const built = statSync(`${folder}/dist/index.js`, { throwIfNoEntry: false });
  if (!built) return false;
  return readdirSync(`${folder}/src`, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.includes(".test"))
    .every((file) => statSync(`${folder}/src/${file}`).mtimeMs <= built.mtimeMs);
}

/** One line for the tables. */
export function describeEnvironment({ node, cores, torch, tfjs, jax, built }: Environment): string {
  const python = torch === null ? "no PyTorch" : `PyTorch ${torch}`;
  return `Node ${node}; ${cores}; tfjs ${tfjs}, jax-js ${jax}, ${python}; cold start on ${built ? "the built packages" : "the sources"}.`;
}

function torchVersion(): string | null {
  const { status, stdout } = spawnSync("python3", ["-c", "import torch; print(torch.__version__)"], {
    encoding: "utf8",
  });
  return status === 0 ? stdout.trim() : null;
}

/** From its package.json, which not every package exports. */
function versionOf(name: string): string {
  const paths = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const manifest = paths.map((path) => `${path}/${name}/package.json`).find(existsSync);
  if (manifest === undefined) return "not installed";
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
}
