// torch.nn.functional: the function behind each layer and loss. Those that are plain tensor ops come from there.
export { conv2d, linear, maxPool2d, relu } from "@anneal/tensor";
export { dropout } from "./dropout.ts";
export { crossEntropy, nllLoss } from "./losses/cross-entropy.ts";
