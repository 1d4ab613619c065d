// Packs every package and looks at the tarballs as a user gets them: publint and attw find what is wrong with the manifest and
// the types, and an import of every entry finds what is missing. Those that promise to work alone are installed into an empty project too.
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** What a user does with a package that needs no other. */
const alone: Readonly<Record<string, string>> = {
  schedulers: `
    import { StepLR, stepLR } from "@anneal/schedulers";
    const optimizer = { paramGroups: [{ lr: 0.5 }], step() {} };
    const scheduler = new StepLR(optimizer, { stepSize: 1, gamma: 0.5 });
    optimizer.step();
    scheduler.step();
    const at = stepLR({ lr: 0.5, stepSize: 1, gamma: 0.5 });
    if (optimizer.paramGroups[0].lr !== 0.25 || at(1) !== 0.25) throw new Error("the rate is not halved");`,
};

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const root = join(import.meta.dirname, "..");
const work = mkdtempSync(join(tmpdir(), "anneal-packages-"));
const problems: string[] = [];
try {
  const scope = join(work, "node_modules", "@anneal");
  const packages = readdirSync(join(root, "packages")).map((name) => unpack(name, scope));
  for (const { name, tarball } of packages) {
    attempt(name, "publint", ["publint", "run", "--strict", tarball]);
    attempt(name, "attw", ["attw", "--profile", "esm-only", "--quiet", tarball]);
  }
  for (const { manifest } of packages) {
    for (const entry of Object.keys(manifest.exports)) {
      if (entry.endsWith(".json")) continue;
      const specifier = join(manifest.name, entry);
      attempt(manifest.name, "import", ["node", "--input-type=module", "-e", `await import("${specifier}")`], work);
    }
  }
  for (const { name, tarball } of packages) {
    const code = alone[name];
    if (code === undefined) continue;
    const project = join(work, `${name}-alone`);
    mkdirSync(project);
    // Offline: what it would have to fetch, it would need.
    attempt(name, "npm install", [
      "npm",
      "install",
      "--offline",
      "--no-audit",
      "--no-fund",
      "--prefix",
      project,
      tarball,
    ]);
    attempt(name, "use", ["node", "--input-type=module", "-e", code], project);
  }
  if (problems.length === 0) console.log(`${packages.length} tarballs import, and their types resolve.`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
if (problems.length > 0) {
  console.error(problems.join("\n\n"));
  process.exit(1);
}

/** Packs a package as it would be published, and unpacks it where Node finds it by name. */
function unpack(name: string, scope: string): { name: string; tarball: string; manifest: Manifest } {
  const tarball = join(work, `${name}.tgz`);
  const to = join(scope, name);
  execFileSync("pnpm", ["pack", "--out", tarball], { cwd: join(root, "packages", name), stdio: "pipe" });
  mkdirSync(to, { recursive: true });
  execFileSync("tar", ["-xzf", tarball, "--strip-components=1", "-C", to], { stdio: "pipe" });
  const manifest = JSON.parse(readFileSync(join(to, "package.json"), "utf8")) as Manifest;
  for (const dependency of Object.keys(manifest.dependencies ?? {})) {
    if (!dependency.startsWith("@anneal/")) linkInstalled(name, dependency);
  }
  return { name, tarball, manifest };
}

/** What is not ours, as it is installed here: npm would fetch it. */
function linkInstalled(name: string, dependency: string): void {
  const link = join(work, "node_modules", dependency);
  if (existsSync(link)) return;
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(realpathSync(join(root, "packages", name, "node_modules", dependency)), link, "junction");
}

function attempt(name: string, what: string, [program = "", ...args]: readonly string[], cwd = root): void {
  try {
    execFileSync(program, args, { cwd, stdio: "pipe", encoding: "utf8" });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    problems.push(`${name}, ${what}:\n${stdout ?? ""}${stderr ?? String(error)}`.trimEnd());
  }
}
