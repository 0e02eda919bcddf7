import { parentPort } from "node:worker_threads";
import { main } from "./cli/main";

/* Carries out a command: in a thread that src/cli.ts started, which tells when to stop, or in the process's own. */

const stopped = new AbortController();
parentPort?.once("message", () => stopped.abort()).unref();
void main(process.argv, stopped.signal);
