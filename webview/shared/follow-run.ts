import type { RunMessage, RunState } from "../../src/pages/run";

/** The states that a run may be in, of any kind. */
export type States = RunState<unknown, unknown>;

/** One phase of the states of a run. */
export type Phase<State extends States, Name extends States["phase"]> = Extract<State, { readonly phase: Name }>;

/** Whether a run is in this phase. */
export function isIn<State extends States, Name extends States["phase"]>(
  state: State | undefined,
  phase: Name,
): state is Phase<State, Name> {
  return state?.phase === phase;
}

/** The state of a run after a message of the extension; messages that are not of the run change nothing. */
export function followRun<State extends States, Layer>(
  state: State | undefined,
  message: RunMessage<State, Layer>,
): State | undefined {
  if (message.type === "state") return message.state;
  const running: States | undefined = state;
  if (running?.phase !== "running") return state;
  let changed: States = running;
  if (message.type === "progress") changed = { ...running, progress: message.progress };
  if (message.type === "layer") changed = { ...running, layers: [...running.layers, message.layer] };
  return changed as State;
}

/** Tells the messages of a page's run from what else it is told. */
export function isOfRun<State extends States, To extends { readonly type: string }>(
  message: To | RunMessage<State, unknown>,
): message is RunMessage<State, unknown> {
  return message.type === "state" || message.type === "progress" || message.type === "layer";
}
