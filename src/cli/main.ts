import { CommanderError } from "commander";
import { exitCode, failureLine, Interrupted, UsageError } from "./failure";
import { createProgram } from "./program";

/** Runs the command line and ends the process with its exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  const interrupted = listenForInterrupt();
  quietOnClosedPipe();
  process.on("uncaughtException", (error) => {
    process.stderr.write(`${failureLine(error)}\n`);
    process.exit(exitCode.failure);
  });
  const code = await run(argv, interrupted);
  await flushed(process.stdout);
  // Sessions and threads of the runtime may still be winding down: nothing more is expected of them.
  process.exit(code);
}

async function run(argv: readonly string[], interrupted: AbortSignal): Promise<number> {
  try {
    await createProgram(interrupted).parseAsync(argv);
    return exitCode.success;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.success : exitCode.usage;
    if (interrupted.aborted) {
      const stopped = error instanceof Interrupted ? error : new Interrupted("Stopped by you", "Nothing was written.");
      process.stderr.write(`${failureLine(stopped)}\n`);
      return exitCode.interrupted;
    }
    process.stderr.write(`${failureLine(error)}\n`);
    if (process.env.PARAMSCOPE_DEBUG && error instanceof Error) process.stderr.write(`${error.stack ?? ""}\n`);
    return error instanceof UsageError ? exitCode.usage : exitCode.failure;
  }
}

/** The first interrupt asks the run to end and clean up, a second one ends the process at once. */
function listenForInterrupt(): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(exitCode.interrupted);
    controller.abort();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return controller.signal;
}

/** `paramscope … | head` is no failure. */
function quietOnClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(exitCode.success);
      throw error;
    });
  }
}

async function flushed(stream: NodeJS.WriteStream): Promise<void> {
  await new Promise<void>((resolve) => stream.write("", () => resolve()));
}
