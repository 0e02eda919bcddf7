import { parentPort } from "node:worker_threads";

import { type Command, CommanderError } from "commander";
import { exitCode, failureLine, Interrupted, LEFT, UsageError } from "./failure";
import { createProgram } from "./program";
import { ReaderGone, standardError, standardOutput } from "./terminal/streams";

/** Options that name what a command writes beside standard output. */
const files = ["output", "report", "export", "masks", "gguf", "recipe"];

/**
 * Runs the command line.
 * @param interrupted aborted when the user wants the run to end and clean up.
 * @returns the exit code, once all that was printed has reached its reader.
 */
export async function main(argv: readonly string[], interrupted: AbortSignal): Promise<number> {
  process.on("uncaughtException", (error) => {
    standardError.write(`${failureLine(error)}\n`);
    process.exit(exitCode.failure);
  });
  const code = await run(argv, interrupted);
  // what a failed run has printed too
  await standardOutput.flush().catch(() => undefined);
  await standardError.flush();
  return code;
}

async function run(argv: readonly string[], interrupted: AbortSignal): Promise<number> {
  const output = new AbortController();
  let written = 0;
  // A run whose result cannot be told stops; where its reader had enough, what else was asked for is still made.
  standardOutput.whenEnded((end) => {
    if (!(end instanceof ReaderGone && written > 0)) output.abort(end);
  });
  const program = createProgram(AbortSignal.any([interrupted, output.signal])).hook("preAction", (_, command) => {
    const given = command.opts();
    written = files.filter((name) => given[name] !== undefined).length;
  });
  try {
    const code = await parse(program, argv);
    await standardOutput.flush();
    return code;
  } catch (error) {
    if (interrupted.aborted) {
      // of several files one may be there already
      const left = written > 1 ? LEFT : "Nothing was written.";
      const stopped = error instanceof Interrupted ? error : new Interrupted("Stopped by you", left);
      parentPort?.postMessage("stopped");
      standardError.write(`${failureLine(stopped)}\n`);
      return exitCode.interrupted;
    }
    // `paramscope … | head` is no failure
    if (output.signal.reason instanceof ReaderGone) return exitCode.success;
    const failure: unknown = output.signal.aborted ? output.signal.reason : error;
    standardError.write(`${failureLine(failure)}\n`);
    if (process.env.PARAMSCOPE_DEBUG && failure instanceof Error) standardError.write(`${failure.stack ?? ""}\n`);
    return failure instanceof UsageError ? exitCode.usage : exitCode.failure;
  }
}

/** @returns the exit code of what needs no command: help, a version, wrong usage; else that of success. */
async function parse(program: Command, argv: readonly string[]): Promise<number> {
  try {
    await program.parseAsync(argv);
    return exitCode.success;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCode.success : exitCode.usage;
  }
}
