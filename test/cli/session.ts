import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { onTestFinished, TestRunner } from "vitest";

/** The built command; PARAMSCOPE_CLI tests another one, such as an installed one. */
export const cli = process.env.PARAMSCOPE_CLI ?? fileURLToPath(new URL("../../dist/cli.cjs", import.meta.url));

export const repository = fileURLToPath(new URL("../..", import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface SessionOptions {
  readonly input?: string | Buffer;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with what has come so far; what it returns is sent to the process as a signal. */
  readonly interrupt?: (stdout: string) => NodeJS.Signals | undefined;
  /** Settles when the process is to get that signal. */
  readonly signal?: Promise<NodeJS.Signals>;
}

/** Has a process not outlive the test that started it, which may have taken too long; outside of tests nothing takes too long. */
function endWithTest(child: ChildProcess): void {
  if (TestRunner.getCurrentTest()) onTestFinished(() => void child.kill("SIGKILL"));
}

/** Runs the command as a user does: a process of its own, its output in pipes. */
export async function paramscope(args: readonly string[], options: SessionOptions = {}): Promise<Outcome> {
  const { input = "", cwd = repository, env, interrupt, signal } = options;
  const child = spawn(process.execPath, [cli, ...args], { cwd, env: { ...process.env, ...env } });
  endWithTest(child);
  void signal?.then((name) => child.kill(name));
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    const signal = interrupt?.(stdout);
    if (signal !== undefined) child.kill(signal);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  // The command may end before it reads its input.
  child.stdin.on("error", () => undefined).end(input);
  const code = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  return { code, stdout, stderr };
}
