import { chart, percent, type TrainingOptions, table } from "@anneal/examples-shared";
import { noGrad } from "@anneal/tensor";
import type { Images } from "./images.ts";
import { type Trained, train, type Validate } from "./training.ts";

/** The mistake: whoever calls this gets the model back in eval mode. */
const carelessValidation: Validate = (model, guess) => {
  model.eval();
  return noGrad(guess);
};

/** Train twice from the same seed, the second time with the classic mistake, and compare. */
export async function demonstrateModeBug(images: Images, options: TrainingOptions): Promise<void> {
  console.log("1. Validation by evaluate(model, fn), which puts the modes back:\n");
  const { logdir, ...rest } = options;
  const logged = (name: string): TrainingOptions =>
    logdir === undefined ? rest : { ...rest, logdir: `${logdir}/${name}` };
  const right = await train(images, logged("right"));
  console.log("\n2. The same, but for a validation that calls model.eval(), after which nobody calls train():\n");
  const wrong = await train(images, logged("leaked"), carelessValidation);
  console.log(comparison(right, wrong));
}

function comparison(right: Trained, wrong: Trained): string {
  const curve = ({ history }: Trained): number[] => history.map(({ testAccuracy }) => testAccuracy);
  const reached = (trained: Trained): string => percent(curve(trained).at(-1) ?? Number.NaN);
  const rows = right.history.map((epoch, i) => {
    const both = [epoch, wrong.history[i] ?? epoch];
    const losses = both.map(({ loss }) => loss.toFixed(4));
    return [String(epoch.epoch), ...losses, ...both.map(({ testAccuracy }) => percent(testAccuracy))];
  });
  return [
    "",
    table(["epoch", "loss, right", "loss, leaked", "test, right", "test, leaked"], rows),
    "",
    chart(
      "test accuracy",
      [
        { name: "right", mark: "●", values: curve(right) },
        { name: "leaked eval mode", mark: "○", values: curve(wrong) },
      ],
      { format: percent },
    ),
    "",
    "Both begin with the same epoch. Then the second model learns in eval mode: its",
    "batch-norms keep the statistics of that epoch, which fit the weights less and",
    `less. With the modes right, ${reached(right)} of the test images are recognised; with the`,
    `mode leaked, ${reached(wrong)}. The numbers alone do not say why; the library's warning at`,
    "the first step in eval mode does, and names the place.",
    "",
    "The cure: evaluate(model, fn), or `using _ = evaluating(model)` for a block. They",
    "leave no mode behind, even when fn throws.",
  ].join("\n");
}
