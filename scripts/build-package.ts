// Builds the package in the current folder: declarations by tsc, and one file of code for each entry of its exports. Hundreds of small
// modules take a tenth of a second to load, one file a hundredth.
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { type Plugin, rolldown } from "rolldown";
import { markPureCalls } from "./pure-calls.ts";

interface Manifest {
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | { readonly "@anneal/source": string; readonly default: string }>>;
}

const { bin = {}, exports } = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
const entries: Record<string, string> = {};
for (const entry of Object.values(exports)) {
  if (typeof entry === "string") continue;
  entries[entry.default.replace(/^\.\/dist\//, "").replace(/\.js$/, "")] = entry["@anneal/source"];
}
// A program's source has its name too.
for (const program of Object.values(bin)) {
  const name = program.replace(/^\.\/dist\//, "").replace(/\.js$/, "");
  entries[name] = `./src/${name}.ts`;
}

rmSync("dist", { recursive: true, force: true });
execFileSync("tsc", ["-p", "tsconfig.build.json", "--emitDeclarationOnly"], { stdio: "inherit" });
const pureCalls: Plugin = { name: "pure-calls", transform: markPureCalls };
const bundle = await rolldown({ input: entries, external: /^[^./]/, logLevel: "warn", plugins: [pureCalls] });
await bundle.write({ dir: "dist", format: "esm", sourcemap: true, chunkFileNames: "shared-[hash].js" });
await bundle.close();
