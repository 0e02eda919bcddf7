import type { RunMessage, RunState } from "../../src/pages/run";

/** The states of a run, and one of its phases. */
export type States = RunState<unknown, unknown>;
export type Phase<State extends States, Name extends State["phase"]> = Extract<State, { readonly phase: Name }>;

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
