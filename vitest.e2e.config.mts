import { defineConfig } from "vitest/config";

import { engine } from "./vitest.shared.mjs";

/** The packed extension in a real VS Code: `npm run test:e2e`, after test/e2e/setup.sh. */
export default defineConfig({
  ...engine,
  test: {
    include: ["test/e2e/**/*.e2e.ts"],
    globalSetup: "test/e2e/server-for-all.ts",
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // The editor takes its time where the machine does: what is polled for need not be there within a second.
    expect: { poll: { timeout: 30_000 } },
    // A window that is busy may lose a click or a key; what is wrong with the extension is wrong twice.
    retry: 1,
    // A window waits half of its time; each worker has a server of its own.
    maxWorkers: 2,
  },
});
