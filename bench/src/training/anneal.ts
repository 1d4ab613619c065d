import type { Layer } from "@anneal/nn";
import type { Run } from "../family.ts";
import { labelsOf } from "./batch.ts";

/** One training step as a user writes it; the scope is the one a `DataLoader` opens for each batch. */
export async function trainWithAnneal(model: Layer, images: readonly number[]): Promise<Run> {
  const { randn, scope, tensor } = await import("@anneal/tensor");
  const { CrossEntropyLoss } = await import("@anneal/nn");
  const { Adam } = await import("@anneal/optim");
  const batch = images[0] ?? 0;
  const inputs = randn(images);
  const labels = tensor(labelsOf(batch));
  const criterion = new CrossEntropyLoss();
  const optimizer = new Adam(model.parameters(), { lr: 1e-3 });
  model.train();
  return () =>
    scope(async () => {
      const loss = criterion.forward(model.forward(inputs), labels);
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      await loss.item();
    });
}
