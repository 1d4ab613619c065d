// Runs every check of the repository, one after the other, and ends with `N passed, N failed`:
//
//   pnpm check                     all of them
//   pnpm check lint types          only those named
//   pnpm check --tests FILE        counts the tests of a vitest JSON report too (what .ci/run does)
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";

interface Check {
  readonly name: string;
  readonly what: string;
  readonly command: readonly string[];
}

const checks: readonly Check[] = [
  {
    name: "types",
    what: "every source, test, example and script type-checks",
    command: ["tsc", "-p", "tsconfig.json"],
  },
  {
    name: "lint",
    what: "Biome finds nothing to lint or format",
    command: ["biome", "check", "--error-on-warnings", "."],
  },
  {
    name: "dependencies",
    what: "packages import only what the table in CONTRIBUTING.md allows",
    command: ["node", "scripts/check-dependencies.ts"],
  },
  { name: "unused", what: "no export, file or dependency is unused", command: ["knip", "--no-progress"] },
  { name: "build", what: "every package builds", command: ["turbo", "run", "build", "--output-logs=errors-only"] },
  {
    name: "packages",
    what: "the packed tarballs import and type-check as a user would have them",
    command: ["node", "scripts/check-packages.ts"],
  },
  { name: "sizes", what: "every package bundles for a browser, within its budget", command: ["size-limit"] },
  { name: "docs", what: "the reference builds without a warning", command: ["typedoc", "--logLevel", "Warn"] },
  {
    name: "examples",
    what: "the code in docstrings and READMEs runs",
    command: ["node", "--conditions=@anneal/source", "scripts/check-examples.ts"],
  },
];

const { values, positionals } = parseArgs({ options: { tests: { type: "string" } }, allowPositionals: true });
const unknown = positionals.filter((name) => !checks.some((check) => check.name === name));
if (unknown.length > 0) {
  console.error(
    `check: no check is called ${unknown.join(", ")}. There are ${checks.map(({ name }) => name).join(", ")}.`,
  );
  process.exit(2);
}
const wanted = positionals.length > 0 ? checks.filter(({ name }) => positionals.includes(name)) : checks;

let { passed, failed } = values.tests === undefined ? { passed: 0, failed: 0 } : countTests(values.tests);
for (const check of wanted) {
  if (run(check)) passed += 1;
  else failed += 1;
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function run({ name, what, command: [program = "", ...args] }: Check): boolean {
  const start = performance.now();
  const result = spawnSync(program, args, {
    stdio: ["ignore", "pipe", "pipe"],
    encoding: "utf8",
    maxBuffer: 1 << 28,
    // Windows finds the programs of node_modules/.bin only through a shell.
    shell: process.platform === "win32",
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" },
  });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const ok = result.status === 0;
  console.log(`${ok ? "✓" : "✗"} ${name}: ${what} (${seconds} s)`);
  if (!ok) {
    const output = [result.stdout, result.stderr, result.error?.message].filter(Boolean).join("\n");
    console.log(output.trimEnd().replaceAll(/^/gm, "    "));
  }
  return ok;
}

/** Counts single tests, and a file that fails before its first test as one failure. */
function countTests(file: string): { passed: number; failed: number } {
  if (!existsSync(file)) {
    console.log("✗ tests: vitest wrote no report, so it ended before running any test");
    return { passed: 0, failed: 1 };
  }
  const report = JSON.parse(readFileSync(file, "utf8")) as VitestReport;
  const broken = report.testResults.filter(({ status, assertionResults }) => {
    return status === "failed" && !assertionResults.some((test) => test.status === "failed");
  });
  const failed = report.numFailedTests + broken.length;
  // Vitest also fails on errors that belong to no test, such as an unhandled rejection.
  return { passed: report.numPassedTests, failed: report.success ? failed : Math.max(failed, 1) };
}

/** The part of vitest's JSON report that is counted here. */
interface VitestReport {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { status: string }[];
  }[];
}
