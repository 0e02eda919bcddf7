import { getHeapStatistics } from "node:v8";
import type { Worker } from "node:worker_threads";
import { ParamscopeError } from "../engine/errors";
import { formatBytes } from "../engine/numbers/bytes";
import { exitCode, failureLine, Interrupted, LEFT } from "./failure";
import { standardError } from "./terminal/streams";

/** A command that was asked to stop has this long to do so; with what follows it has ended after 3 seconds. */
const PATIENCE_MILLISECONDS = 2000;
/** JavaScript ends at once when it is told to, a call of the runtime does not. */
const TERMINATION_MILLISECONDS = 300;

/**
 * Watches over the thread that a command runs in, and ends the process with its exit code. This thread does nothing else than to listen: whatever the command is
 * busy with, a tokenizer's endless pattern or a runtime's long call, a signal arrives. The first one asks it to stop, and ends it when it
 * does not; a second one ends it at once.
 */
export async function supervise(thread: Worker): Promise<never> {
  // It has said so itself, even where it is ended before it has ended.
  let hasSaid = false;
  thread.on("message", (message: unknown) => {
    hasSaid = true;
    // The thread would take down its runtime first, for a tenth of a short run's time.
    if (typeof message === "number") process.exit(message);
  });
  const end = (signal: NodeJS.Signals, how: string): void => {
    if (!hasSaid) standardError.write(`${failureLine(new Interrupted(how, LEFT))}\n`);
    hasSaid = true;
    void endNow(thread, signal);
  };
  let stopping: NodeJS.Timeout | undefined;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) {
      end(signal, "Stopped by you at once");
      return;
    }
    thread.postMessage("stop");
    stopping = setTimeout(end, PATIENCE_MILLISECONDS, signal, "Stopped by you");
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  thread.on("error", (error) => standardError.write(`${failureLine(threadError(error))}\n`));
  const code = await new Promise<number>((resolve) => thread.once("exit", resolve));
  process.exit(code);
}

/** Ends the thread and with it the process. Where the thread is in a native call the process dies of the signal instead, as it would without us. */
async function endNow(thread: Worker, signal: NodeJS.Signals): Promise<void> {
  thread.removeAllListeners("exit");
  setTimeout(() => {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  }, TERMINATION_MILLISECONDS);
  await thread.terminate();
  process.exit(exitCode.interrupted);
}

function heapLimit(): number {
  return getHeapStatistics().heap_size_limit;
}

function threadError(error: unknown): unknown {
  if (!(error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY")) return error;
  return new ParamscopeError(
    `The memory for texts, tokenizers and results is used up (${formatBytes(heapLimit())})`,
    "Give fewer or shorter texts, or use another model.",
    { cause: error },
  );
}
