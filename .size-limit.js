// How much of a web page each package may take, minified and compressed (with brotli; the schedulers with gzip). That each one bundles for a
// browser is proved on the way. The schedulers were meant to take 5 kB in all and 1 kB for one class, and may not grow: what any class needs,
// with checked options and state dicts, takes 1.3 kB, the pictures 2.4 kB, and the rest repeats so little that sharing code saves nothing.
const budgets = {
  schedulers: "9.4 kB",
  swa: "8 kB",
  kernel: "50 kB",
  optim: "47 kB",
  tensor: "80 kB",
  nn: "40 kB",
  data: "50 kB",
  summary: "40 kB",
  checkpoint: "28 kB",
};

// What one part of a package may take for itself: a schedule as a function and as a class, and the pictures, which few pages need.
const parts = {
  checkpoint: { loadSafetensors: "7 kB", loadPt: "12.5 kB", savePt: "8.2 kB" },
  // Without the printers of code that typed arrays as parameters need.
  optim: { Adam: "9.5 kB" },
  schedulers: {
    stepLR: "0.5 kB",
    StepLR: "1.4 kB",
    CosineAnnealingLR: "1.5 kB",
    OneCycleLR: "2.6 kB",
    plotSchedule: "2.9 kB",
  },
};

const entry = (name, limit, part) => ({
  name: part === undefined ? `@anneal/${name}` : `@anneal/${name}: ${part}`,
  path: `packages/${name}/dist/index.js`,
  // The tensors are their user's, and counted once.
  ignore: name === "nn" || name === "data" ? ["@anneal/tensor"] : [],
  ...(part !== undefined && { import: `{ ${part} }` }),
  limit,
  gzip: name === "schedulers",
  modifyEsbuildConfig: (config) => ({ ...config, format: "esm" }),
});

export default [
  ...Object.entries(budgets).map(([name, limit]) => entry(name, limit)),
  ...Object.entries(parts).flatMap(([name, limits]) =>
    Object.entries(limits).map(([part, limit]) => entry(name, limit, part)),
  ),
];
