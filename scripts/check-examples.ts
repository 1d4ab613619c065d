// Runs the code that readers copy: every `@example` of the packages' docstrings and every TypeScript block of the Markdown files.
//
// An example stands alone. Names of our own packages need no import in a docstring; `expression; // => value` is asserted, and so is
// `expression; // throws ShapeError`. A Markdown block that cannot run says why: `<!-- not run: needs a browser -->` before it.
import { spawnSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";

interface Example {
  /** Where the reader finds it: `packages/optim/src/sgd.ts:91`. */
  readonly at: string;
  /** The source file whose docstring it is, if it is one. */
  readonly source?: string;
  readonly code: string;
}

const root = join(import.meta.dirname, "..");
const folder = join(root, "docs", ".examples");
const timeLimit = 120_000;

const wanted = process.argv.slice(2);
const sources = globSync("packages/*/src/**/*.ts", { cwd: root }).filter(
  (file) => !/\.(test|test-d|d)\.ts$/.test(file),
);
const pages = globSync(["*.md", "packages/*/*.md", "docs/*.md", "examples/*/*.md"], { cwd: root });
const examples = [...sources.flatMap(inDocstrings), ...pages.flatMap(inMarkdown)].filter(
  ({ at }) => wanted.length === 0 || wanted.some((part) => at.includes(part)),
);

// In this order a docstring of one package finds the names of another.
const entries = ["tensor", "nn", "optim", "schedulers", "swa", "data", "summary", "checkpoint"]
  .map((name) => join("packages", name, "src", "index.ts"))
  .filter((file) => existsSync(join(root, file)));
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
// Entries first, as users load them: a file imported alone may start a cycle of imports at its wrong end.
for (const entry of ["packages/kernel/src/index.ts", ...entries]) {
  const problem = await runOne(join(root, entry));
  if (problem === undefined) continue;
  console.error(`${entry} cannot be imported, so no example can run: ${problem}`);
  process.exit(1);
}
const files: string[] = [];
for (const example of examples) files.push(await write(example));
const problems = [...typeErrors(), ...(await runAll())];
if (problems.length > 0) {
  console.error(problems.join("\n\n"));
  console.error(
    `\n${problems.length} of ${examples.length} examples do not hold. The code that ran is in docs/.examples.`,
  );
  process.exit(1);
}
rmSync(folder, { recursive: true, force: true });
console.log(`${examples.length} examples type-check, run, and give what they say.`);
process.exit(0);

function inDocstrings(file: string): Example[] {
  const text = readFileSync(join(root, file), "utf8");
  const examples: Example[] = [];
  for (const comment of text.matchAll(/^[ \t]*\/\*\*[\s\S]*?\*\//gm)) {
    const body = comment[0].replaceAll(/^[ \t]*(\/\*\*|\*\/|\* ?)/gm, "").replace(/\*\/$/, "");
    for (const tag of body.matchAll(/^@example\b([\s\S]*?)(?=^@\w|$(?![\s\S]))/gm)) {
      const fenced = [...(tag[1] ?? "").matchAll(/```(?:ts|typescript)?\n([\s\S]*?)```/g)].map(([, code = ""]) => code);
      const code = fenced.length > 0 ? fenced.join("\n") : (tag[1] ?? "");
      const line = lineAt(text, comment.index) + body.slice(0, tag.index).split("\n").length - 1;
      examples.push({ at: `${file}:${line}`, source: file, code });
    }
  }
  return examples;
}

function inMarkdown(file: string): Example[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/(<!-- not run: .+ -->\n+)?^```(?:ts|typescript)\n([\s\S]*?)^```/gm)]
    .filter(([, skipped]) => skipped === undefined)
    .map((block) => ({ at: `${file}:${lineAt(text, block.index)}`, code: block[2] ?? "" }));
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}

/** The files a source imports: what its reader sees named at its top. */
function importedBy(source: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(root, source), "utf8"));
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith("."))
    .map(({ fileName }) => join(dirname(source), fileName))
    .filter((file) => existsSync(join(root, file)));
}

async function exportsOf(file: string): Promise<ReadonlySet<string>> {
  try {
    return new Set(Object.keys((await import(pathToFileURL(join(root, file)).href)) as object));
  } catch {
    return new Set(); // The example that needs it says why.
  }
}

async function write(example: Example): Promise<string> {
  const file = join(folder, `${example.at.replace(/\.(ts|md):/, "-line-").replaceAll(/[^\w-]+/g, "-")}.ts`);
  writeFileSync(file, await complete(example));
  return file;
}

/** Adds the imports of an example and turns its `// =>` comments into assertions. */
async function complete({ source, code }: Example): Promise<string> {
  const lines = ['import { expectThrow, expectValue } from "../../scripts/example-expectation.ts";'];
  const missing = freeNames(code);
  if (source !== undefined && missing.size > 0) {
    const own = join(dirname(source).split("/").slice(0, 3).join("/"), "index.ts");
    for (const file of new Set([source, own, ...importedBy(source), ...entries])) {
      const names = await exportsOf(file);
      const found = [...missing].filter((name) => names.has(name));
      for (const name of found) missing.delete(name);
      if (found.length > 0) lines.push(`import { ${found.join(", ")} } from "../../${file}";`);
    }
  }
  return `${lines.join("\n")}\nvoid [expectThrow, expectValue];\n${assertComments(code)}\nexport {};\n`;
}

/** The names an example uses and does not declare, among which are those to import. */
function freeNames(code: string): Set<string> {
  const used = new Set<string>();
  const declared = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      const { parent } = node;
      const isProperty = ts.isPropertyAccessExpression(parent) && parent.name === node;
      const isKey = (ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent)) && parent.name === node;
      const isDeclared =
        ts.isBindingElement(parent) || ts.isImportSpecifier(parent) || ("name" in parent && parent.name === node);
      if (isDeclared && !isProperty && !isKey && !ts.isShorthandPropertyAssignment(parent)) declared.add(node.text);
      else if (!isProperty && !isKey) used.add(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("example.ts", code, ts.ScriptTarget.Latest, true));
  return used.difference(declared);
}

function assertComments(code: string): string {
  const file = ts.createSourceFile("example.ts", code, ts.ScriptTarget.Latest, true);
  const edits: { start: number; end: number; text: string }[] = [];
  const visit = (node: ts.Node, awaited: boolean): void => {
    const comment =
      ts.isExpressionStatement(node) || ts.isVariableStatement(node) ? commentAfter(code, node.end) : undefined;
    if (comment !== undefined) edits.push(...assertion(node, comment, awaited ? "await " : "", file));
    const inside = awaited && !ts.isFunctionLike(node);
    ts.forEachChild(node, (child) => visit(child, inside));
  };
  visit(file, true);
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((text, { start, end, text: replacement }) => text.slice(0, start) + replacement + text.slice(end), code);
}

function commentAfter(code: string, end: number): { kind: string; text: string } | undefined {
  const match = /^[ \t]*\/\/[ \t]*(=>|throws)[ \t]+(.+)$/m.exec(code.slice(end).split("\n", 1)[0] ?? "");
  return match === null ? undefined : { kind: match[1] ?? "", text: (match[2] ?? "").trim() };
}

function assertion(
  node: ts.Node,
  comment: { kind: string; text: string },
  wait: string,
  file: ts.SourceFile,
): { start: number; end: number; text: string }[] {
  const expected = JSON.stringify(comment.text);
  if (ts.isVariableStatement(node)) {
    const names = node.declarationList.declarations.map(({ name }) => name.getText(file));
    return names.map((name) => ({
      start: node.end,
      end: node.end,
      text: ` expectValue(${wait}${name}, ${expected});`,
    }));
  }
  if (!ts.isExpressionStatement(node)) return [];
  const { expression } = node;
  const prints = ts.isCallExpression(expression) && expression.expression.getText(file) === "console.log";
  const value = prints ? (expression.arguments[0] ?? expression) : expression;
  const text =
    comment.kind === "throws"
      ? `${wait}expectThrow(() => ${value.getText(file)}, ${expected})`
      : `expectValue(${wait}(${value.getText(file)}), ${expected})`;
  return [{ start: expression.getStart(file), end: expression.end, text }];
}

function typeErrors(): string[] {
  const tsconfig = join(folder, "tsconfig.json");
  const compilerOptions = { noEmit: true, noUnusedLocals: false, noUnusedParameters: false };
  writeFileSync(tsconfig, JSON.stringify({ extends: "../../tsconfig.base.json", compilerOptions, include: ["*.ts"] }));
  const { stdout } = spawnSync("tsc", ["-p", tsconfig, "--pretty", "false"], { cwd: root, encoding: "utf8" });
  return stdout
    .split("\n")
    .filter((line) => line.startsWith(relative(root, folder)))
    .map((line) => {
      const index = files.findIndex((file) => line.includes(`${basename(file)}(`));
      return `${examples[index]?.at}: ${line.slice(line.indexOf("error TS"))}`;
    });
}

async function runAll(): Promise<string[]> {
  // Examples write files where they run: not among those of the repository.
  const elsewhere = mkdtempSync(join(tmpdir(), "anneal-examples-"));
  process.chdir(elsewhere);
  const problems: string[] = [];
  for (const [i, file] of files.entries()) {
    const problem = await runOne(file);
    if (problem !== undefined) problems.push(`${examples[i]?.at}: ${problem}`);
  }
  process.chdir(root);
  rmSync(elsewhere, { recursive: true });
  return problems;
}

/** Imports one example with its output held back. */
async function runOne(file: string): Promise<string | undefined> {
  const { log, table } = console;
  console.log = console.table = () => {};
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`still runs after ${timeLimit / 1000} s`)), timeLimit);
  });
  try {
    await Promise.race([import(pathToFileURL(file).href), late]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  } finally {
    clearTimeout(timer);
    Object.assign(console, { log, table });
  }
}
