import { configDefaults, defineConfig } from "vitest/config";

import { resolve } from "node:path";
import { engine } from "./vitest.shared.mjs";

/** `npm test`: everything that needs nothing beyond this repository. `npm run test:real` has vitest.real.config.mts. */
export default defineConfig({
  ...engine,
  resolve: { alias: [...engine.resolve.alias, { find: "vscode", replacement: resolve("test/support/vscode.ts") }] },
  test: {
    include: ["test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, "test/real/**", "test/browser/**"],
    // Most of it computes on one thread, and the runner itself does little meanwhile: every processor has its tests.
    maxWorkers: "100%",
    // as the programs have it that compute: src/sound-compiler.ts. With WITH_MAGLEV as the extension host and pages, where nobody can turn it off.
    execArgv: Number(process.versions.v8.split(".")[0]) >= 12 && !process.env.WITH_MAGLEV ? ["--no-maglev"] : [],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
