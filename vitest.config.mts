import { configDefaults, defineConfig } from "vitest/config";

/** `npm test`: everything that needs nothing beyond this repository. `npm run test:real` has vitest.real.config.mts. */
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, "test/real/**", "test/browser/**"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
