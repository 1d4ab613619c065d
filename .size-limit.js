// How much of a web page each package may take, minified and compressed. That each one bundles for a browser is proved on the way.
const budgets = {
  schedulers: "4 kB",
  swa: "8 kB",
  kernel: "50 kB",
  optim: "33 kB",
  tensor: "80 kB",
  nn: "40 kB",
  data: "50 kB",
};

export default Object.entries(budgets).map(([name, limit]) => ({
  name: `@anneal/${name}`,
  path: `packages/${name}/dist/index.js`,
  // The tensors are their user's, and counted once.
  ignore: name === "nn" || name === "data" ? ["@anneal/tensor"] : [],
  limit,
  modifyEsbuildConfig: (config) => ({ ...config, format: "esm" }),
}));
