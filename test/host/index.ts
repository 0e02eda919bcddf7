import { writeFileSync } from "node:fs";

import Mocha from "mocha";

interface Failure {
  readonly title: string;
  readonly message: string;
}

/** What a run of these tests leaves where PARAMSCOPE_HOST_RESULTS says. */
export interface HostResults {
  readonly passed: number;
  readonly failures: readonly Failure[];
}

/** Called by VS Code in its extension host: `--extensionTestsPath`. @throws when a test fails. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: "bdd", timeout: 60_000, color: false });
  mocha.suite.emit("pre-require", globalThis, "", mocha);
  await import("./commands");
  await import("./history");
  await import("./settings");
  const failures: Failure[] = [];
  let passed = 0;
  await new Promise<void>((resolve) => {
    mocha
      .run(() => resolve())
      .on("pass", () => passed++)
      .on("fail", (test, error: Error) => failures.push({ title: test.fullTitle(), message: error.message }));
  });
  const { PARAMSCOPE_HOST_RESULTS } = process.env;
  if (PARAMSCOPE_HOST_RESULTS)
    writeFileSync(PARAMSCOPE_HOST_RESULTS, JSON.stringify({ passed, failures } satisfies HostResults));
  if (failures.length > 0) throw new Error(failures.map(({ title, message }) => `${title}: ${message}`).join("\n"));
}
