import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** The folder of what the command line has made for tests of this run. */
    readonly documents: string;
  }
}

/** One folder for the documents of all files of tests, which show the same ones in many ways. */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), "paramscope-documents-"));
  project.provide("documents", folder);
  return () => rmSync(folder, { recursive: true });
}
