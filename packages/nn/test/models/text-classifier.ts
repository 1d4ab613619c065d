import type { Tensor } from "@anneal/tensor";
import { Embedding, Linear, LSTM, Module } from "../../src/index.ts";

/** A model as users write them: scores of 3 classes for sequences of words, [N, L]. */
export class TextClassifier extends Module {
  embedding = new Embedding(9, 3, { paddingIdx: 0 });
  lstm = new LSTM(3, 2, { numLayers: 2, bidirectional: true, batchFirst: true });
  fc = new Linear(4, 3);

  forward(words: Tensor): Tensor {
    const [output] = this.lstm.forward(this.embedding.forward(words));
    return this.fc.forward(output.select(1, -1));
  }
}
