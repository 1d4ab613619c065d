export type { ByteSink } from "./bytes/byte-sink.ts";
export type { ByteSource } from "./bytes/byte-source.ts";
export { CheckpointError } from "./checkpoint-error.ts";
export type { DType, NumberArray } from "./tensors/dtype.ts";
export { SavedTensor, type SavedTensorInit, type Storage } from "./tensors/saved-tensor.ts";
