import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import type { HostResults } from "../host/index";
import { launch } from "./browser";
import { repository } from "./server";
import { serverOfWorker } from "./session";

/* test/host in the extension host of this VS Code; scripts/test-desktop.mjs runs the same in a desktop one. */

test("what is tested in the extension host passes", async () => {
  execFileSync(process.execPath, ["scripts/host-tests.mjs"], { cwd: repository });
  const server = serverOfWorker();
  const { root, port } = server;
  const results = join(root, "host-results.json");
  const resource = (path: string) => `vscode-remote://127.0.0.1:${port}${path}`;
  const payload = [
    ["extensionDevelopmentPath", resource(repository.replace(/\/$/, ""))],
    ["extensionTestsPath", resource(join(repository, "dist/host-tests.cjs"))],
    ["extensionEnvironment", JSON.stringify({ PARAMSCOPE_HOST_RESULTS: results })],
  ];
  const browser = await launch();
  try {
    const page = await browser.newPage();
    // The workbench calls it when the tests have ended.
    const ended = new Promise((resolve) => void page.exposeFunction("codeAutomationExit", resolve));
    await page.goto(`${server.url()}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
    await ended;
    expect(existsSync(results), server.extensionHostLog().slice(-3000)).toBe(true);
    const { passed, failures } = JSON.parse(readFileSync(results, "utf8")) as HostResults;
    expect(failures).toEqual([]);
    expect(passed).toBeGreaterThan(15);
  } finally {
    await browser.close();
  }
});
