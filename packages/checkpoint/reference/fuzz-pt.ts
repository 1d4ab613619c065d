// Hands loadPt 100,000 files that are wrong in every way that chance finds:
//
//   node --conditions=@anneal/source packages/checkpoint/reference/fuzz-pt.ts [cases] [seed]
import { fuzzPt } from "../test/fuzz-pt.ts";

const [cases = "100000", seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
console.log(`${cases} cases, seed ${seed}`);
const { read, refused, longest } = await fuzzPt(Number(cases), Number(seed));
const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(
  `${read} were read, ${refused} refused; the longest took ${longest.toFixed(1)} ms; at most ${megabytes} MB of memory`,
);
