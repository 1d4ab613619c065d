// `pnpm bench`: ours and its peers, in turn.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { families } from "./cases/index.ts";
import { describeEnvironment, lookAround } from "./environment.ts";
import { checkFigures, promisedFigures } from "./figures.ts";
import { helpText, type Options, parseOptions } from "./options.ts";
import { describeFailures } from "./report/failures.ts";
import { probedTable, timedTables } from "./report/family-tables.ts";
import { figuresTable } from "./report/figures-table.ts";
import { replaceBetweenMarkers } from "./report/readme.ts";
import { formatTable, markdownTable, type Table } from "./report/table.ts";
import { runAll } from "./run-all.ts";

const readme = new URL("../README.md", import.meta.url);
const latest = new URL("../results/latest.json", import.meta.url);

const names = families.map(({ name }) => name);
const options = readOptions();
if (options.help) console.log(helpText(names));
else await bench(options);

function readOptions(): Options {
  try {
    return parseOptions(process.argv.slice(2), names);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${helpText(names)}`);
    process.exit(1);
  }
}

async function bench(options: Options): Promise<void> {
  const environment = lookAround(options.peers.has("torch"));
  const chosen = families.filter(({ name }) => options.only?.includes(name) ?? true);
  const results = await runAll(chosen, options, environment, showProgress);
  showProgress("");

  const flops = new Map(
    families.flatMap((family) => (family.kind === "timed" ? family.cases : [])).map((timed) => [timed.id, timed.flops]),
  );
  const figures = checkFigures(
    promisedFigures((id) => flops.get(id) ?? Number.NaN),
    results,
  );
  // A run of some families is not to be blamed for the figures of the others.
  const shown = options.only ? figures.filter(({ reached }) => reached !== null) : figures;
  const sections = chosen.map((family) => ({
    title: family.title,
    tables: family.kind === "timed" ? timedTables(family, results) : [probedTable(family, results)],
  }));
  const all = [{ title: "Promised figures", tables: [figuresTable(shown)] }, ...sections];
  const failures = describeFailures(results.failures());

  for (const { title, tables } of [...all.slice(1), ...all.slice(0, 1)]) {
    console.log(`\n${title}\n\n${tables.map(formatTable).join("\n\n")}`);
  }
  if (failures.length > 0) console.log(`\nFailures\n\n${failures.join("\n")}`);
  console.log(`\n${describeEnvironment(environment)}`);

  await mkdir(new URL(".", latest), { recursive: true });
  await writeFile(
    latest,
    `${JSON.stringify({ environment, options: { rounds: options.rounds, quick: options.quick }, figures, results }, null, 2)}\n`,
  );
  if (options.write) {
    const content = [
      `Made by \`${commandOf(options)}\`. ${describeEnvironment(environment)}`,
      ...all.map(
        ({ title, tables }) => `### ${title}\n\n${tables.map((table: Table) => markdownTable(table)).join("\n\n")}`,
      ),
      ...(failures.length > 0 ? [`### Failures\n\n${failures.map((line) => `* ${line}`).join("\n")}`] : []),
    ].join("\n\n");
    await writeFile(readme, replaceBetweenMarkers(await readFile(readme, "utf8"), content));
  }
}

/** The command that does this again, without folders of this machine. */
function commandOf({ only, peers, rounds, quick, mnist }: Options): string {
  const parts = ["pnpm bench"];
  if (only) parts.push(`--only ${only.join(",")}`);
  const named = ["tfjs", "jax", "torch"] as const;
  if (!named.every((peer) => peers.has(peer)))
    parts.push(`--peers ${named.filter((peer) => peers.has(peer)).join(",") || "none"}`);
  if (quick) parts.push("--quick");
  if (rounds !== (quick ? 1 : 3)) parts.push(`--rounds ${rounds}`);
  if (mnist !== null) parts.push("--mnist DIR");
  return [...parts, "--write"].join(" ");
}

function showProgress(what: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${what}`);
  else if (what !== "") process.stderr.write(`${what}\n`);
}
