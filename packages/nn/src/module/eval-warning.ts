/** Where a model was put into eval mode; one for each call of `eval()`. */
export interface ModeMark {
  readonly model: string;
  readonly site: string;
  warned: boolean;
}

/** Remember the place `eval()` was called from. */
export function markEvalMode(model: string): ModeMark {
  const site = (new Error().stack ?? "")
    .split("\n")
    .find((line, i) => i > 0 && !/packages[\\/]nn[\\/](src|dist)[\\/]module/.test(line));
  return { model, site: site?.trim().replace(/^at /, "") ?? "an unknown place", warned: false };
}

/** An optimizer steps on a model in eval mode: dropout is off and batch-norm frozen, which nobody wants in training. */
export function warnAboutEvalMode(mark: ModeMark): void {
  if (mark.warned) return;
  mark.warned = true;
  console.warn(
    `optimizer.step: ${mark.model} is in eval mode, so dropout is off and batch-norm does not learn. ` +
      `eval() was called at ${mark.site}. Call model.train() before training goes on, or validate inside evaluate(model, fn).`,
  );
}
