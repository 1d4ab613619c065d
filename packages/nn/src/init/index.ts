// torch.nn.init: ways to fill a tensor before training. All change it in place, without a graph, and return it.
export { constant_, type NormalOptions, normal_, ones_, type UniformOptions, uniform_, zeros_ } from "./fill.ts";
export { calculateGain, type Nonlinearity } from "./gain.ts";
export { type DiracOptions, dirac_, eye_ } from "./identity.ts";
export { type KaimingOptions, kaimingNormal_, kaimingUniform_ } from "./kaiming.ts";
export { type OrthogonalOptions, orthogonal_ } from "./orthogonal.ts";
export { type SparseOptions, sparse_ } from "./sparse.ts";
export { type TruncNormalOptions, truncNormal_ } from "./trunc-normal.ts";
export { type XavierOptions, xavierNormal_, xavierUniform_ } from "./xavier.ts";
