import { defineConfig } from "vitest/config";

/** Tests with a real model, which test/real/get-smollm2.sh brings. */
export default defineConfig({
  test: {
    include: ["test/real/**/*.test.ts"],
    globalSetup: ["test/real/bring-model.ts"],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    fileParallelism: false,
  },
});
