import { defineConfig } from "vitest/config";

import { engine } from "./vitest.shared.mjs";

/** The views in a real Chromium (/usr/bin/chromium, or the one that CHROMIUM names): `npm run test:browser`. */
export default defineConfig({
  ...engine,
  test: {
    include: ["test/browser/**/*.test.ts"],
    globalSetup: "test/browser/harness/documents-for-all.ts",
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: "100%",
  },
});
