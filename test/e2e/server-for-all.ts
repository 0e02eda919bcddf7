import type { TestProject } from "vitest/node";

import { Server } from "./server";
import { workspaceFiles } from "./workspace-files";

declare module "vitest" {
  export interface ProvidedContext {
    readonly server: { readonly root: string; readonly port: number };
  }
}

/** One server for all files of tests: each opens a window of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await Server.start({ files: workspaceFiles() });
  project.provide("server", { root: server.root, port: server.port });
  return () => server.stop();
}
