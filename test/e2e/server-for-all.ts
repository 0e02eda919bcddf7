import type { TestProject } from "vitest/node";

import { Server } from "./server";
import { workspaceFiles } from "./workspace-files";

declare module "vitest" {
  export interface ProvidedContext {
    /** One for each worker. */
    readonly servers: readonly { readonly root: string; readonly port: number }[];
  }
}

/** A server for each worker, for all of its files of tests: each opens a window of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { maxWorkers } = project.vitest.config;
  const servers = await Promise.all(
    Array.from({ length: maxWorkers }, () => Server.start({ files: workspaceFiles() })),
  );
  project.provide(
    "servers",
    servers.map(({ root, port }) => ({ root, port })),
  );
  return async () => {
    await Promise.all(servers.map((server) => server.stop()));
  };
}
