/** jax-js on WebAssembly, the best it has in Node. */
export async function setUpJax(): Promise<void> {
  const { defaultDevice, init } = await import("@jax-js/jax");
  await init("wasm");
  defaultDevice("wasm");
}
