import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";

/** A folder that takes the place of the system's temporary one for a while. */
export class TemporaryFolder {
  readonly path = mkdtempSync(join(tmpdir(), "paramscope-test-"));

  constructor() {
    // what os.tmpdir() reads, on every system
    for (const name of ["TMPDIR", "TEMP", "TMP"]) vi.stubEnv(name, this.path);
  }

  get entries(): string[] {
    return readdirSync(this.path);
  }

  remove(): void {
    vi.unstubAllEnvs();
    rmSync(this.path, { recursive: true });
  }
}
