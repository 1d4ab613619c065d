import type { Conv2d, Module } from "@anneal/nn";
import { featureMaps, type HParamValue, kernels, makeGrid, SummaryWriter } from "@anneal/summary";
import { keep, type Tensor } from "@anneal/tensor";
import type { Epoch } from "./epoch.ts";

/** A training that can be looked at. */
export interface LoggedTraining {
  readonly model: Module & { forward(images: Tensor): Tensor };
  /** A few pictures, [N, C, H, W], for which layers show what they make of them. */
  readonly images: Tensor;
  /** The layers that show it, by their names. */
  readonly layers: readonly string[];
  /** The convolution whose kernels are shown, by its name. */
  readonly kernels: string;
  /** What was chosen for this training. */
  readonly hparams: Readonly<Record<string, HParamValue>>;
  /** How many batches were learned from when it goes on; what was logged after that is taken back. */
  readonly begin?: number;
}

/** Log a training in `logDir`; null where nobody asked for it. */
export async function openLog(logDir: string | undefined, training: LoggedTraining): Promise<TrainingLog | null> {
  if (logDir === undefined) return null;
  const { begin = 0, model, images } = training;
  const writer = new SummaryWriter(logDir, begin > 0 ? { purgeStep: begin } : {});
  if (begin === 0) {
    writer.addGraph(model, images.narrow(0, 0, 1));
    writer.addImage("input", await makeGrid(images, { normalize: true, scaleEach: true }));
  }
  return new TrainingLog(writer, { ...training, images: keep(images) });
}

/** Writes what a training comes to into event files, for the board and for TensorBoard. */
class TrainingLog {
  readonly #writer: SummaryWriter;
  readonly #training: LoggedTraining;
  #batches: number;

  constructor(writer: SummaryWriter, training: LoggedTraining) {
    this.#writer = writer;
    this.#training = training;
    this.#batches = training.begin ?? 0;
  }

  /** A batch was learned from: its mean loss. */
  batch(loss: number): void {
    this.#batches += 1;
    this.#writer.addScalar("loss/batch", loss, this.#batches);
  }

  /** An epoch is over: its figures, how the weights are distributed, and what the layers see now. */
  async epoch({ loss, accuracy, testAccuracy, lr }: Epoch): Promise<void> {
    const { model, images, layers, kernels: first } = this.#training;
    const writer = this.#writer;
    const step = this.#batches;
    writer.addScalar("loss/epoch", loss, step);
    writer.addScalar("accuracy/training images", accuracy, step);
    writer.addScalar("accuracy/test images", testAccuracy, step);
    writer.addScalar("learning rate", lr, step);
    for (const [name, parameter] of model.namedParameters()) {
      writer.addHistogram(name.replaceAll(".", "/"), parameter, step);
    }
    const maps = await featureMaps(model, images.narrow(0, 0, 1), layers);
    for (const [layer, grid] of Object.entries(maps)) writer.addImage(`feature maps/${layer}`, grid, step);
    writer.addImage("kernels", await kernels(model.getSubmodule(first) as Conv2d), step);
  }

  /** The training is over. */
  async close(last: Epoch | undefined): Promise<void> {
    if (last) {
      const metrics = { "hparam/loss": last.loss, "hparam/test accuracy": last.testAccuracy };
      this.#writer.addHparams(this.#training.hparams, metrics, { runName: "hparams" });
    }
    await this.#writer.close();
    this.#training.images.dispose();
  }
}
