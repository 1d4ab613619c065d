import { completeOptions, type Table } from "@anneal/schedulers";
import type { Averageable, AverageableModel } from "../averageable.ts";
import { AveragedModel } from "../averaged-model.ts";
import { type Host, hostOf } from "../hosts/host.ts";
import { callable, flag } from "../option-rules.ts";
import { isPromise } from "../settle.ts";
import { type BatchNormLike, isBatchNorm, type NormalizedModel, statisticsOf } from "./batch-norm-like.ts";
import { PooledStatistics } from "./pooled-statistics.ts";

export interface UpdateBnOptions<Batch> {
  /**
   * Runs the model on a batch.
   * @defaultValue `model.forward` of the batch, or of its first element where it is a list
   */
  readonly forward?: ((batch: Batch) => unknown) | undefined;
  /**
   * Statistics of all numbers as if they had come in one batch: large batches weigh more than small ones, and the variance is that of all
   * numbers, not the mean of the batches' own. Reads the device after each batch.
   * @defaultValue false: each batch weighs the same, as in PyTorch
   */
  readonly exact?: boolean;
}

/** Options for any batches. */
interface AnyOptions {
  readonly forward?: ((batch: never) => unknown) | undefined;
  readonly exact?: boolean;
}

const table: Table<AnyOptions> = { forward: [callable, undefined], exact: [flag, false] };

/**
 * Compute the running statistics of all batch-norms anew, from all data of a loader: averaged weights need others than those the model
 * learned on the way.
 *
 * The model runs in training mode, so dropout drops. Every module's own mode and every momentum are put back in the end, also if the
 * loader or the model throws; running statistics are then as they were. (PyTorch puts everything into one mode, and nothing back after
 * an error.) Without batch-norms the loader is not touched.
 *
 * Call it inside `noGrad`: else the passes are recorded for gradients.
 *
 * @param loader - batches: inputs, or lists that begin with them
 * @param model - a model with batch-norms, or an {@link AveragedModel} of one
 * @throws {OptionError} if an option is not what it must be
 * @throws {TypeError} if `exact` is asked of batch-norms without hooks or of tensors that cannot be read
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.swa_utils.update_bn.html | torch.optim.swa_utils.update_bn}
 * @example
 * const model = new Sequential(new Linear(4, 8), new BatchNorm1d(8));
 * const loader = new DataLoader(new TensorDataset(randn([100, 4])), { batchSize: 32 });
 * await noGrad(() => updateBn(loader, model, { exact: true }));
 */
export async function updateBn<Batch>(
  loader: Iterable<Batch> | AsyncIterable<Batch>,
  model: NormalizedModel | AveragedModel<AverageableModel & NormalizedModel>,
  options: UpdateBnOptions<Batch> = {},
): Promise<void> {
  if (model instanceof AveragedModel) return model.lent((lent) => updateBn(loader, lent, options));
  const { exact } = completeOptions<AnyOptions>("updateBn", options, table);
  const { forward = (batch) => model.forward(firstOf(batch) as never) } = options;
  const norms = [...model.modules()].filter(isBatchNorm);
  if (norms.length === 0) return;

  const putBack = prepare(model, norms, exact ? 1 : null);
  const pooled: PooledStatistics[] = [];
  let isDone = false;
  try {
    if (exact) for (const norm of norms) pooled.push(new PooledStatistics(norm));
    // Nothing is awaited without need: with a loader and a model that do not wait, all is done on return.
    const see = (batch: Batch): Promise<void> | null => {
      const output = forward(batch);
      return exact || isPromise(output) ? pool(output) : null;
    };
    const pool = async (output: unknown): Promise<void> => {
      await output;
      for (const each of pooled) await each.pool();
    };
    if (Symbol.iterator in loader) {
      for (const batch of loader) {
        const seen = see(batch);
        if (seen) await seen;
      }
    } else for await (const batch of loader) await see(batch);
    for (const each of pooled) each.write();
    isDone = true;
  } finally {
    for (const each of pooled) each.stop();
    putBack(isDone);
  }
}

const firstOf = (batch: unknown): unknown => (Array.isArray(batch) ? batch[0] : batch);

/**
 * Put a model into training mode, and its batch-norms into the state before any batch.
 *
 * @returns puts back modes and momenta and, unless it `isDone`, the running statistics
 */
function prepare(
  model: NormalizedModel,
  norms: readonly BatchNormLike[],
  momentum: number | null,
): (isDone: boolean) => void {
  const modes = [...model.modules()].filter(hasMode).map((module) => ({ module, training: module.training }));
  const states = norms.map((norm) => ({
    norm,
    momentum: norm.momentum,
    statistics: statisticsOf(norm).map((value) => ({ value, before: hostOf(value).clone(value) })),
  }));
  for (const { module } of modes) module.training = true;
  for (const norm of norms) {
    norm.resetRunningStats();
    norm.momentum = momentum;
  }
  return (isDone) => {
    for (const { module, training } of modes) module.training = training;
    for (const { norm, momentum, statistics } of states) {
      norm.momentum = momentum;
      for (const { value, before } of statistics) {
        const host: Host<Averageable> = hostOf(value);
        if (!isDone) host.copy(value, before);
        host.dispose(before);
      }
    }
  };
}

const hasMode = (module: object): module is { training: boolean } =>
  typeof (module as { training?: unknown }).training === "boolean";
