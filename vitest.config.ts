import { existsSync } from "node:fs";
import { defineConfig } from "vitest/config";

// Packages resolve to their sources, so that tests need no build.
const conditions = ["@anneal/source"];

// Kernel tests run WGSL through the npm package `webgpu`, which needs a Vulkan loader and driver; Debian's chromium brings both.
const chromium = "/usr/lib/chromium";
if (process.env.VK_ICD_FILENAMES === undefined && existsSync(`${chromium}/vk_swiftshader_icd.json`)) {
  process.env.VK_ICD_FILENAMES = `${chromium}/vk_swiftshader_icd.json`;
  process.env.LD_LIBRARY_PATH ??= chromium;
}

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [
      "{packages,examples}/*/src/**/*.test.ts",
      "packages/*/page/**/*.test.ts",
      "{bench,docs}/src/**/*.test.ts",
      "scripts/**/*.test.ts",
    ],
    execArgv: ["--conditions=@anneal/source"],
    pool: "forks",
    testTimeout: 60_000,
  },
});
