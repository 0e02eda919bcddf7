/**
 * `npm run test:desktop`: the tests of the extension host in a desktop VS Code, which @vscode/test-electron downloads
 * into .vscode-test. It needs a display.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runTests } from "@vscode/test-electron";
import "./host-tests.mjs";

const folder = await mkdtemp(join(tmpdir(), "paramscope-desktop-"));
try {
  await runTests({
    extensionDevelopmentPath: resolve("."),
    extensionTestsPath: resolve("dist/host-tests.cjs"),
    launchArgs: [folder, "--disable-extensions", "--disable-workspace-trust", "--user-data-dir", join(folder, ".user")],
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}
