import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type {} from "vitest";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** The path of SmolLM2-135M-Instruct.Q4_1.gguf; empty where it could not be brought. */
    smollm2: string;
  }
}

/**
 * Brings the real model before the tests. Where that fails (no network, no Python) the tests are skipped with a loud
 * message; with CI set they fail.
 */
export default function bringModel(project: TestProject): void {
  const script = fileURLToPath(new URL("get-smollm2.sh", import.meta.url));
  const folder = process.env.PARAMSCOPE_TEST_MODELS ?? fileURLToPath(new URL("../../.models", import.meta.url));
  try {
    const path = execFileSync("bash", [script, folder], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    }).trim();
    project.provide("smollm2", path);
  } catch (cause) {
    if (process.env.CI) throw new Error("The real model could not be brought: its tests cannot run.", { cause });
    process.stderr.write(
      "\n*** THE REAL MODEL COULD NOT BE BROUGHT: EVERY TEST THAT NEEDS IT IS SKIPPED. ***\n" +
        "*** test/real/get-smollm2.sh needs python3 with pip and a network.          ***\n\n",
    );
    project.provide("smollm2", "");
  }
}
