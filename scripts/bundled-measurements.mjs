/**
 * `node scripts/bundled-measurements.mjs`, after a build: measures anew what comes with the bundled model, as models/demo/typical/*.json how typical texts of every
 * length and ending activate it, and as models/demo/yardstick/*.json how alike unrelated texts within the template are. Needed when the model, the texts of
 * samples/unrelated or what is kept of them change.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const demo = join("models", "demo");
const kinds = ["typical", "yardstick"];
const cache = mkdtempSync(join(tmpdir(), "paramscope-measurements-"));
const brief = "The river rose";
const sentence = `${brief} in the night and took the old bridge with it`;
const long = `${`${sentence}. `.repeat(6)}${sentence}`;

// what is there would be taken
for (const kind of kinds) rmSync(join(demo, kind), { recursive: true, force: true });
try {
  for (const text of [brief, sentence, long])
    for (const ending of [".", ".\n", ""]) paramscope("analyze", "--text", `${text}${ending}`);
  for (const a of [brief, sentence])
    for (const b of [brief, sentence]) paramscope("compare", "--text", `${a}.`, "--text", `${b}.`);
  for (const kind of kinds) cpSync(join(cache, "paramscope", kind), join(demo, kind), { recursive: true });
} finally {
  rmSync(cache, { recursive: true, force: true });
}

function paramscope(command, ...texts) {
  execFileSync(process.execPath, [join("dist", "cli.cjs"), command, "--quiet", ...texts], {
    env: { ...process.env, XDG_CACHE_HOME: cache, LOCALAPPDATA: cache },
    stdio: ["ignore", "ignore", "inherit"],
  });
}
