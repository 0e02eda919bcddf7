import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ParamscopeError, stackOf } from "../../src/engine/errors";
import { randomNumbers } from "../../src/engine/numbers/random";
import { targets } from "./targets";

/* Takes changed inputs through the program, one after the other, and tells scripts/fuzz.mjs, which watches, before and after each. */

const [documents = "", first = "0", seed = "1", only = ""] = process.argv.slice(2);
const all = targets(documents);
const names = Object.keys(all).filter((name) => only === "" || name === only);
const folder = mkdtempSync(join(tmpdir(), "paramscope-fuzz-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
process.on("disconnect", () => process.exit(0));

async function run(): Promise<void> {
  for (let index = Number(first); ; index++) {
    const name = names[index % names.length];
    process.send?.({ type: "begin", index, name });
    let end = "opened";
    let fault: string | undefined;
    try {
      await all[name](randomNumbers(1_000_003 * Number(seed) + index), folder);
    } catch (error) {
      end = "refused";
      // whatever is wrong with an input is said by this one
      if (!(error instanceof ParamscopeError)) fault = stackOf(error);
    }
    process.send?.({ type: "end", index, name, end, fault, rss: process.memoryUsage.rss() });
    // so that messages go out
    await new Promise((resolve) => setImmediate(resolve));
  }
}

void run();
