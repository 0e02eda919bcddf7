import { defineConfig } from "vitest/config";

import { engine } from "./vitest.shared.mjs";

/** Tests with a real model, which test/real/get-smollm2.sh brings. */
export default defineConfig({
  ...engine,
  test: {
    include: ["test/real/**/*.test.ts"],
    globalSetup: ["test/real/bring-model.ts"],
    // beside browsers and windows it takes what processors they leave
    testTimeout: 2_400_000,
    hookTimeout: 2_400_000,
    fileParallelism: false,
  },
});
