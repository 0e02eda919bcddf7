/**
 * `node scripts/typical-profiles.mjs`, after a build: measures anew what comes with the bundled model, how typical texts of every length and
 * ending activate it, as models/demo/typical/*.json. Needed when the model, the texts of samples/unrelated or what is kept of them change.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = join("models", "demo", "typical");
const cache = mkdtempSync(join(tmpdir(), "paramscope-profiles-"));
const sentence = "The river rose in the night and took the old bridge with it";
const endings = [`${sentence}.`, `${sentence}.\n`, sentence];
try {
  rmSync(folder, { recursive: true, force: true });
  for (const ending of endings)
    for (const text of [ending, `${`${sentence}. `.repeat(6)}${ending}`])
      execFileSync(process.execPath, [join("dist", "cli.cjs"), "analyze", "--quiet", "--text", text], {
        env: { ...process.env, XDG_CACHE_HOME: cache, LOCALAPPDATA: cache },
        stdio: ["ignore", "ignore", "inherit"],
      });
  cpSync(join(cache, "paramscope", "typical"), folder, { recursive: true });
} finally {
  rmSync(cache, { recursive: true, force: true });
}
