import { formatShape } from "../core/shape.ts";
import type { Tensor } from "../tensor.ts";
import { type NestedArray, readNestedSync } from "./read.ts";

/** More elements than this are not printed whole. */
const FULL = 200;

/** `Tensor [2] float32 [1, 2]`; the numbers only where the device hands them out while one waits. */
export function formatTensor(tensor: Tensor): string {
  if (tensor.isFreed) return `Tensor ${formatShape(tensor.shape)} ${tensor.dtype} (freed)`;
  const head = `Tensor ${formatShape(tensor.shape)} ${tensor.dtype}`;
  if (!tensor.device.readSync) return `${head} on ${tensor.device.info.name}`;
  if (tensor.numel > FULL) return `${head} (${tensor.numel} elements)`;
  return `${head} ${formatNested(readNestedSync(tensor), " ".repeat(head.length + 1))}`;
}

function formatNested(value: NestedArray, indent: string): string {
  if (typeof value === "number") return formatNumber(value);
  if (value.every((item) => typeof item === "number"))
    return `[${value.map((item) => formatNumber(item as number)).join(", ")}]`;
  return `[${value.map((item) => formatNested(item, `${indent} `)).join(`,\n${indent} `)}]`;
}

const formatNumber = (value: number): string =>
  Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
