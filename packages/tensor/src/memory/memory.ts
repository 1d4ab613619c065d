import { liveValues } from "../core/value.ts";
import { liveTensors } from "../tensor.ts";

export interface MemoryInfo {
  /** Tensors in use (views count one each). */
  readonly tensors: number;
  /** Bytes of device memory their values hold; pending values hold none. */
  readonly bytes: number;
  /** The most `bytes` has been since the start, or since {@link resetPeakMemory}. */
  readonly peakBytes: number;
}

/**
 * What tensors hold at this moment. The same before and after a step of a training loop means that nothing leaks.
 *
 * @example
 * const before = memory().bytes;
 */
export function memory(): MemoryInfo {
  return { tensors: liveTensors.count, bytes: liveValues.bytes, peakBytes: liveValues.peakBytes };
}

/** Start measuring `peakBytes` anew. */
export function resetPeakMemory(): void {
  liveValues.peakBytes = liveValues.bytes;
}
