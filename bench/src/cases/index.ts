import type { Family } from "../family.ts";
import { adamFamily } from "./adam.ts";
import { checkpointFamily } from "./checkpoint.ts";
import { cnnFamily } from "./cnn.ts";
import { coldStartFamily } from "./cold-start.ts";
import { convFamily } from "./conv.ts";
import { digitsFamily } from "./digits.ts";
import { elementwiseFamily } from "./elementwise.ts";
import { matmulFamily } from "./matmul.ts";
import { memoryFamily } from "./memory.ts";
import { mlpFamily } from "./mlp.ts";
import { resnetFamily } from "./resnet.ts";
import { stepsFamily } from "./steps.ts";
import { summaryFamily } from "./summary.ts";

/** All families, in the order in which they run and are shown. */
export const families: readonly Family[] = [
  matmulFamily,
  elementwiseFamily,
  convFamily,
  mlpFamily,
  cnnFamily,
  resnetFamily,
  adamFamily,
  stepsFamily,
  summaryFamily,
  coldStartFamily,
  memoryFamily,
  checkpointFamily,
  digitsFamily,
];
