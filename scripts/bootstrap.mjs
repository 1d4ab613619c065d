// Sets up the workspace on a machine that has only Node and npm, then runs one of its commands on the pinned Node:
//
//   node scripts/bootstrap.mjs start | cifar10-resnet | board | test [arguments for that command]
//
// No dependencies and no TypeScript here: this file runs before anything is installed, on any Node >= 20.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { isatty } from "node:tty";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const modules = join(root, "node_modules");
const stamp = join(modules, ".anneal-installed");

/** What each command runs, as arguments for the pinned Node. */
const commands = {
  start: ["--conditions=@anneal/source", "examples/digits/src/main.ts"],
  "cifar10-resnet": ["--conditions=@anneal/source", "examples/cifar10-resnet/src/main.ts"],
  board: ["--conditions=@anneal/source", "packages/board/src/cli.ts"],
  test: ["node_modules/vitest/vitest.mjs", "run"],
};

const [name = "", ...args] = process.argv.slice(2);
/** What its user typed. */
const typed = name === "start" || name === "test" ? `npm ${name}` : `npm run ${name}`;
if (!Object.hasOwn(commands, name)) {
  fail(`bootstrap: "${name}" is none of ${Object.keys(commands).join(", ")}.`);
}
if (Number(process.versions.node.split(".")[0]) < 20) {
  fail(`Anneal needs Node 20 or newer; this is Node ${process.versions.node}. Get it from https://nodejs.org.`);
}
await install();
await run(commands[name]);

/** Installs the workspace unless this very lockfile is installed already. */
async function install() {
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;

  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const why = existsSync(modules) ? "node_modules is not what the lockfile says" : "first run, about half a minute";
  console.error(`Setting up: installing the workspace with ${packageManager} (${why}) ...`);

  const npx = ["--yes", packageManager, "install", "--frozen-lockfile", "--config.confirmModulesPurge=false"];
  const { code, output } = await collect(npx);
  if (code !== 0) {
    console.error(output.trimEnd());
    const offline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|META_FETCH_FAIL/.test(output);
    fail(
      offline
        ? `\nThe npm registry could not be reached. The first \`${typed}\` needs the network once; check the connection or the proxy settings and run it again.`
        : `\nInstalling failed (above). Mend what it says and run \`${typed}\` again.`,
    );
  }
  writeFileSync(stamp, wanted);
}

/** One string per lockfile and machine: node_modules carried to another system must be installed anew. */
function fingerprint() {
  const lockfile = readFileSync(join(root, "pnpm-lock.yaml"));
  return `${createHash("sha256").update(lockfile).digest("hex")} ${process.platform}-${process.arch}\n`;
}

/** Runs npx with the given arguments and keeps what it says: engine warnings are noise unless the install fails. */
function collect(npxArgs) {
  // npm waits 10 s and then 60 s between its tries, too long in front of a still screen when there is no network.
  const patience = { npm_config_fetch_retry_mintimeout: "1000", npm_config_fetch_retry_maxtimeout: "5000" };
  const options = { cwd: root, env: { ...patience, ...process.env } };
  return new Promise((resolve) => {
    const cli = process.env.npm_execpath;
    const child = cli?.endsWith("npm-cli.js")
      ? spawn(process.execPath, [cli.replace(/npm-cli\.js$/, "npx-cli.js"), ...npxArgs], options)
      : spawn("npx", npxArgs, { ...options, shell: process.platform === "win32" });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.stdin.end();
    child.on("error", (error) => resolve({ code: 1, output: String(error) }));
    child.on("close", (code) => resolve({ code, output }));
  });
}

/** Runs the pinned Node in this terminal and ends as it ends. */
function run(nodeArgs) {
  const bin = join(modules, ".bin");
  const path = `${bin}${delimiter}${process.env.PATH ?? ""}`;
  const node = join(modules, "node", "bin", process.platform === "win32" ? "node.exe" : "node");
  const child = spawn(node, [...nodeArgs, ...args], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, PATH: path },
  });

  // Ctrl-C reaches the child straight from the terminal; this process only has to outlive it. A signal sent to this
  // process alone (by kill, by a supervisor) has to be passed on.
  process.on("SIGINT", () => isatty(0) || child.kill("SIGINT"));
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));

  return new Promise(() => {
    child.on("error", (error) => fail(`Node could not be started from node_modules: ${error.message}`));
    child.on("exit", (code, signal) => {
      // Ending by the same signal tells npm that this was the user's wish and no failure to report.
      const ended = signal ?? (code === 128 + constants.signals.SIGINT ? "SIGINT" : undefined);
      if (ended === undefined) process.exit(code);
      process.removeAllListeners(ended);
      process.kill(process.pid, ended);
    });
  });
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
