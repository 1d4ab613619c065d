// Writes an event file of about a gigabyte, to see how the board takes it:
//
//   node --conditions=@anneal/source reference/make-large-run.ts FOLDER scalars|histograms [gigabytes]
//   node --conditions=@anneal/source src/cli.ts FOLDER
import { SummaryWriter } from "@anneal/summary";

const [folder = "", kind, gigabytes = "1"] = process.argv.slice(2);
const bytes = Number(gigabytes) * 2 ** 30;
const writer = new SummaryWriter(folder, { maxQueue: 1000 });

if (kind === "scalars") {
  // About 58 bytes a record.
  for (let step = 0; step < bytes / 58 / 20; step += 1) {
    for (let tag = 0; tag < 20; tag += 1) {
      writer.addScalar(
        `metrics/number-${String(tag).padStart(2, "0")}`,
        Math.sin(step / 1e4 + tag) + Math.random() / 5,
        step,
      );
    }
    if (step % 5000 === 0) await writer.flush();
  }
} else {
  const values = new Float32Array(4000);
  // About 12 kB a record: 700 buckets.
  for (let step = 0; step < bytes / 12_500 / 20; step += 1) {
    for (let tag = 0; tag < 20; tag += 1) {
      for (let k = 0; k < values.length; k += 1)
        values[k] = (Math.random() + Math.random() - 1) * (1 + step / 1000) * 10 ** ((k % 9) - 6);
      writer.addHistogram(`layer${tag}/weight`, values, step);
    }
    if (step % 50 === 0) await writer.flush();
  }
}
await writer.close();
