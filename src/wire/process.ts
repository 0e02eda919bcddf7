import { type ChildProcess, fork } from "node:child_process";
import { dirname } from "node:path";
import { createInterface } from "node:readline";

import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
} from "vscode-jsonrpc/node";

import { ScoringProcessError } from "./errors";

/** How a process ended, before somebody asked for it. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: Error;
}

/** One scoring process and the connection to it, from its start to its end. */
export class ScoringProcess {
  readonly connection: MessageConnection;
  /** Fulfilled when the process has ended; never rejected. */
  readonly ended: Promise<Ending>;
  readonly #child: ChildProcess;
  #alive = true;
  #hung = false;

  constructor(worker: string, log: (line: string) => void) {
    this.#child = fork(worker, [], {
      // Not the workspace: no library of it may be found by the loader.
      cwd: dirname(worker),
      env: environment(),
      execArgv: [],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream) createInterface({ input: stream }).on("line", log);
    }
    this.ended = new Promise((resolve) => {
      this.#child.once("error", (error) => resolve({ code: null, signal: null, error }));
      this.#child.once("exit", (code, signal) => resolve({ code, signal }));
    });
    this.connection = createMessageConnection(new IPCMessageReader(this.#child), new IPCMessageWriter(this.#child));
    // A broken channel shows in the end of the process, which is what requests wait for.
    this.connection.onError(([error]) => log(`connection: ${error.message}`));
    this.connection.listen();
    void this.ended.then(() => {
      this.#alive = false;
      this.connection.dispose();
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get isAlive(): boolean {
    return this.#alive;
  }

  /** Ends the process at once, whatever it is doing. */
  kill(reason: "done" | "hung" = "done"): void {
    this.#alive = false;
    this.#hung ||= reason === "hung";
    this.#child.kill("SIGKILL");
  }

  /** The error for those who were waiting for an answer. */
  endingError({ code, signal, error }: Ending): ScoringProcessError {
    if (this.#hung)
      return new ScoringProcessError("crash", "The scoring process did not answer any more and was ended", tryAgain);
    if (error) return new ScoringProcessError("crash", `The scoring process failed (${error.message})`, tryAgain);
    if (signal === "SIGKILL")
      return new ScoringProcessError(
        "crash",
        "The scoring process was killed while it was computing",
        "The system does so when memory runs out: lower the memory budget or the window, then try again.",
      );
    const how = signal ?? `code ${String(code)}`;
    return new ScoringProcessError("crash", `The scoring process ended unexpectedly (${how})`, tryAgain);
  }
}

const tryAgain = "Try again. If it happens again, the log says more.";

/** The editor's own environment, without what steers its Node.js: the process is plain Node.js, also inside Electron. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/.test(name));
  return { ...Object.fromEntries(kept), ELECTRON_RUN_AS_NODE: "1" };
}
