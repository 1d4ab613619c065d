// Importing a package does nothing: what its modules compute when they are loaded serves only their own names. Bundlers cannot know that
// of a call, and keep it and all that it needs on every page that imports one small thing. So the build says it.
import ts from "typescript";

const mark = "/* @__PURE__ */ ";

/** The code with `@__PURE__` before every call that the loading of a module makes. */
export function markPureCalls(code: string, fileName: string): string {
  const source = ts.createSourceFile(fileName, code, ts.ScriptTarget.Latest, true);
  const insertions: { readonly at: number; readonly text: string }[] = [];
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
      insertions.push({ at: node.getStart(source), text: `${mark}(() => ` }, { at: node.getEnd(), text: ")()" });
    } else {
      insertions.push({ at: node.getStart(source), text: mark });
    }
  };
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { initializer } of statement.declarationList.declarations) if (initializer) visit(initializer);
  }
  return insertions
    .toSorted((a, b) => b.at - a.at)
    .reduce((text, { at, text: inserted }) => text.slice(0, at) + inserted + text.slice(at), code);
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
