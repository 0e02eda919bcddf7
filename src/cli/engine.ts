import type * as engine from "../engine/index";

/** The engine as the command line uses it. */
export type Engine = typeof engine;

/** Loaded when a command needs it: `--help` and a wrong option answer without it. */
export async function loadEngine(): Promise<Engine> {
  return await import("../engine/index");
}
