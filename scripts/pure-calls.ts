// Importing a package does nothing: what its modules compute when they are loaded serves only their own names. Bundlers cannot know that
// of a call, and keep it and all that it needs on every page that imports one small thing. So the build says it.
import MagicString, { type SourceMap } from "magic-string";
import ts from "typescript";

const mark = "/* @__PURE__ */ ";

/** The code with `@__PURE__` before every call that the loading of a module makes, and where each of its characters comes from. */
export function markPureCalls(code: string, fileName: string): { code: string; map: SourceMap } {
  const marked = new MagicString(code);
  const source = ts.createSourceFile(fileName, code, ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node): void => {
    // What a function or a class does is done later; of a class only what is static is done now, and that is not for us to judge.
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
    if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) {
      ts.forEachChild(node, visit);
      return;
    }
    if (code.slice(node.getFullStart(), node.getStart(source)).includes("@__PURE__")) return;
    if (isChain(node)) {
      // The mark speaks of one call. Of several, one after the other, it has to be made one.
      marked.appendLeft(node.getStart(source), `${mark}(() => `).appendRight(node.getEnd(), ")()");
    } else {
      marked.appendLeft(node.getStart(source), mark);
    }
  };
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { initializer } of statement.declarationList.declarations) if (initializer) visit(initializer);
  }
  return { code: marked.toString(), map: marked.generateMap({ hires: true }) };
}

/** Is it a call of something that another call gave: `a().b()`, `new Map().set(1, 2)`? Or are there calls among its arguments? */
function isChain(call: ts.CallExpression | ts.NewExpression): boolean {
  let has = false;
  const look = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) has = true;
    ts.forEachChild(node, look);
  };
  look(call.expression);
  for (const argument of call.arguments ?? []) look(argument);
  return has;
}
