// Proves the one rule between the packages: who may import whom. Reads every import of every package, and its package.json.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join, relative } from "node:path";
import ts from "typescript";

/** What each package may import of ours. A package that is not named here fails the check. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  schedulers: [],
  summary: [],
  checkpoint: [],
  tune: [],
  tensor: ["kernel"],
  optim: ["kernel"],
  swa: ["schedulers"],
  nn: ["tensor"],
  data: ["tensor"],
  tfjs: ["optim", "tensor"],
  board: ["summary"],
};

/** Two copies of tensor would be two worlds of tensors, so these take the one their user has. */
const peers: Readonly<Record<string, readonly string[]>> = { nn: ["tensor"], data: ["tensor"] };

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly sideEffects?: boolean;
  readonly type?: string;
}

const root = join(import.meta.dirname, "..");
const problems: string[] = [];
const names = readdirSync(join(root, "packages")).filter((name) =>
  existsSync(join(root, "packages", name, "package.json")),
);
for (const name of names) checkPackage(name);

if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}
console.log(`${names.length} packages import only what they may.`);

function checkPackage(name: string): void {
  const folder = join(root, "packages", name);
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  const where = `packages/${name}/package.json`;
  const ours = allowed[name];
  if (ours === undefined) {
    problems.push(
      `${where}: ${name} is not in the table of scripts/check-dependencies.ts. Say there what it may import.`,
    );
    return;
  }
  if (manifest.sideEffects !== false) problems.push(`${where}: "sideEffects" must be false: importing does nothing.`);
  if (manifest.type !== "module") problems.push(`${where}: "type" must be "module".`);

  const shipped = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies };
  for (const dependency of Object.keys(shipped)) {
    const other = ourPackage(dependency);
    if (other !== undefined && !ours.includes(other)) {
      problems.push(`${where}: ${name} may not depend on ${other}. It may depend on ${list(ours)}.`);
    }
  }
  for (const peer of peers[name] ?? []) {
    if (manifest.peerDependencies?.[`@anneal/${peer}`] === undefined) {
      problems.push(`${where}: @anneal/${peer} must be a peer dependency of ${name}.`);
    }
  }

  for (const part of ["src", "test", "page"]) {
    for (const file of typescriptFiles(join(folder, part))) {
      // What no user runs may use what only developers have, and a page is bundled with all that it uses.
      const forTests = part !== "src" || /\.test(-d)?\.ts$|[\\/]testing[\\/]/.test(file);
      const known = forTests ? { ...shipped, ...manifest.devDependencies, vitest: "" } : shipped;
      for (const { specifier, line } of importsOf(file)) {
        const at = `${relative(root, file)}:${line}`;
        if (specifier.startsWith(".")) checkRelative(specifier, at);
        else if (!isBuiltin(specifier)) checkBare(specifier, at, name, ours, known, forTests);
      }
    }
  }
}

function checkRelative(specifier: string, at: string): void {
  if (/(\.\.\/)+(packages|examples|bench|docs)\//.test(specifier)) {
    problems.push(`${at}: "${specifier}" reaches into another package. Import it by its name.`);
  } else if (!/\.(tsx?|json)$/.test(specifier)) {
    problems.push(`${at}: "${specifier}" needs its extension: relative imports end in ".ts".`);
  }
}

function checkBare(
  specifier: string,
  at: string,
  name: string,
  ours: readonly string[],
  known: Readonly<Record<string, string>>,
  forTests: boolean,
): void {
  const imported = packageOf(specifier);
  const other = ourPackage(imported);
  if (other === name) problems.push(`${at}: ${name} imports itself by name. Use a relative import.`);
  else if (other !== undefined && !ours.includes(other)) {
    // Even tests: a package that stands alone is proved to by tests that hand it plain objects.
    problems.push(`${at}: ${name} may not import ${other}. It may import ${list(ours)}.`);
  } else if (!(imported in known)) {
    const field = forTests ? "devDependencies" : "dependencies, peerDependencies or optionalDependencies";
    problems.push(`${at}: ${imported} is imported but is not among the ${field} of packages/${name}/package.json.`);
  }
}

function* importsOf(file: string): Generator<{ specifier: string; line: number }> {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  const stack: ts.Node[] = [source];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    stack.push(...node.getChildren(source));
    const specifier = specifierOf(node);
    if (specifier === undefined) continue;
    yield {
      specifier: specifier.text,
      line: source.getLineAndCharacterOfPosition(specifier.getStart(source)).line + 1,
    };
  }
}

/** The module a node names: `import ... from`, `export ... from`, `import("...")`, as a value or as a type. */
function specifierOf(node: ts.Node): ts.StringLiteralLike | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return literal(node.moduleSpecifier);
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return literal(node.arguments[0]);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return literal(node.argument.literal);
  return undefined;
}

function literal(node: ts.Node | undefined): ts.StringLiteralLike | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node : undefined;
}

function typescriptFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => join(folder, file));
}

/** `@scope/name/sub/path` is the package `@scope/name`. */
function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function ourPackage(name: string): string | undefined {
  return name.startsWith("@anneal/") ? name.slice("@anneal/".length) : undefined;
}

function list(ours: readonly string[]): string {
  return ours.length === 0 ? "none of ours" : ours.join(" and ");
}
