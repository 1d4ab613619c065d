export {
  type Cifar10,
  type Cifar100,
  cifar10Classes,
  type ReadCifarOptions,
  readCifar10,
  readCifar100,
} from "./cifar.ts";
export { DataFormatError } from "./data-format-error.ts";
export { DataLoader, type DataLoaderOptions, type DataLoaderState } from "./data-loader.ts";
export type { Dataset } from "./dataset.ts";
export { type Digits, type DigitsSplit, type DigitsSplitOptions, digits, digitsSplit } from "./digits/digits.ts";
export { type IdxArray, type IdxArrays, type IdxDType, type ReadIdxOptions, readIdx } from "./idx.ts";
export { permutation, type ShuffleState } from "./random/permutation.ts";
export { TensorDataset } from "./tensor-dataset.ts";
export { type ImageSize, type RandomCropOptions, randomCrop } from "./transforms/random-crop.ts";
export { type RandomHorizontalFlipOptions, randomHorizontalFlip } from "./transforms/random-horizontal-flip.ts";
