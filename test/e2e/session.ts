import { readdirSync, rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, inject } from "vitest";

import { elementAt } from "../../src/engine/numbers/elements";
import { repository, Server } from "./server";
import { Workbench } from "./workbench";

/** Looked at by people; not kept. */
export const pictures = join(repository, "dist/pictures/e2e");

/** The server of the worker that runs the test. */
export function serverOfWorker(): Server {
  // vitest numbers those that run at once from 1 on
  const { root, port } = elementAt(inject("servers"), Number(process.env.VITEST_POOL_ID) - 1);
  return new Server(root, port);
}

/**
 * A window for the tests of one file, without what others have kept, and with a picture of each test's end. Whatever the tests
 * do: nothing is asked of another host, and nothing is tried that a content security policy forbids.
 */
export function useWorkbench(): () => Workbench {
  let workbench: Workbench;
  let found: ReadonlySet<string>;

  beforeAll(async () => {
    await mkdir(pictures, { recursive: true });
    const server = serverOfWorker();
    found = new Set(readdirSync(server.workspace));
    server.forgetKept();
    workbench = await Workbench.open(server);
  });

  afterEach(async ({ task }) => {
    const name = task.name.replace(/\W+/g, "-");
    await workbench.page.screenshot({ path: join(pictures, `${name}.png`) });
  });

  afterAll(async () => {
    await workbench.close();
    // The explorer has what there is room for: other files' tests look for theirs.
    const { workspace } = workbench.server;
    for (const name of readdirSync(workspace))
      if (!found.has(name)) rmSync(join(workspace, name), { recursive: true, force: true });
    expect(workbench.outside).toEqual([]);
    expect(workbench.consoleErrors.filter((text) => text.includes("Content Security Policy"))).toEqual([]);
  });

  return () => workbench;
}
