import { defineConfig } from "vitest/config";

// Packages resolve to their sources, so that tests need no build.
const conditions = ["@anneal/source"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["{packages,examples}/*/src/**/*.test.ts", "{bench,docs}/src/**/*.test.ts", "scripts/**/*.test.ts"],
    execArgv: ["--conditions=@anneal/source"],
    testTimeout: 60_000,
  },
});
