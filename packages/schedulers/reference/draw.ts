// Draws the picture of the README: node --conditions=@anneal/source packages/schedulers/reference/draw.ts
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { oneCycleLR, plotSchedule, stepLR, warmupCosineLR, wsdLR } from "../src/index.ts";

const lr = 0.1;

export const picture = (): string =>
  plotSchedule(
    {
      stepLR: stepLR({ lr, stepSize: 40, gamma: 0.5 }),
      warmupCosineLR: warmupCosineLR({ lr, warmupSteps: 10, totalSteps: 100 }),
      oneCycleLR: oneCycleLR({ maxLr: lr, totalSteps: 101 }),
      wsdLR: wsdLR({ lr, warmupSteps: 10, stableSteps: 65, decaySteps: 25 }),
    },
    { steps: 100, width: 720, title: "Four of the schedules" },
  );

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL("../schedules.svg", import.meta.url), picture());
}
