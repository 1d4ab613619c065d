/** Places that were told of: a loop comes by there again and again. */
const told = new Set<string>();

const unknown = "an unknown place";

/** Where a model was put into eval mode; one for each call of `eval()`. */
export interface ModeMark {
  readonly model: string;
  readonly place: string;
  warned: boolean;
}

/**
 * Remember the place that put a model into eval mode.
 *
 * @param entry - the method that was called; what called it is the place
 */
// biome-ignore lint/complexity/noBannedTypes: as captureStackTrace has it.
export function markEvalMode(model: string, entry: Function): ModeMark {
  const holder: { stack?: string } = {};
  // Engines without it name the stack in their own ways.
  Error.captureStackTrace?.(holder, entry);
  const line = holder.stack?.split("\n")[1] ?? "";
  const place = /\(?((?:file:|https?:|\/|[A-Za-z]:\\)[^\s)]+:\d+:\d+)\)?$/.exec(line)?.[1];
  return { model, place: place?.replace(/^file:\/\//, "") ?? unknown, warned: false };
}

/** An optimizer steps on a model in eval mode: dropout is off and batch-norm frozen, which nobody wants in training. Once for each place. */
export function warnAboutEvalMode(mark: ModeMark): void {
  if (mark.warned) return;
  mark.warned = true;
  const key = `${mark.model} ${mark.place}`;
  if (told.has(key)) return;
  if (mark.place !== unknown) told.add(key);
  console.warn(
    `optimizer.step: ${mark.model} is in eval mode, so dropout is off and batch-norm does not learn. ` +
      `eval() was called at ${mark.place}. Call model.train() before training goes on, or validate inside evaluate(model, fn).`,
  );
}
