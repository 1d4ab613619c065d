/** Ours on its default device with a given number of threads, all of them up. */
export async function setUpAnneal(threads: number): Promise<void> {
  const { setDefaultDevice, wasm } = await import("@anneal/tensor");
  setDefaultDevice(await wasm({ threads }));
}
