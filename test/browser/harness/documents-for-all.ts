import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** One folder for what the command line makes for all files of tests, which show the same documents in many ways. Workers find it in their environment. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "paramscope-documents-"));
  process.env.SHARED_DOCUMENTS = folder;
  return () => rmSync(folder, { recursive: true });
}
