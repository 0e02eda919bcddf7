import type { RunListener } from "../../src/scoring/client";
import { cancelled } from "../../src/scoring/errors";
import { DocumentRun } from "../../src/views/document-run";
import type { RunKind, RunTypes, Scoring, StateOf } from "../../src/views/run-kind";
import type { RunMessage } from "../../src/pages/run";
import { settings } from "../scoring/support";

export type Compute<Document> = (listener: RunListener, signal: AbortSignal) => Promise<Document>;

/** A run of a kind, with a scoring process that computes as it is told to; what its view is told is in `posted`. */
export function running<T extends RunTypes>(
  kind: RunKind<T>,
  compute: Compute<T["document"]>,
  confirm: () => Promise<boolean> = () => Promise.resolve(true),
) {
  const posted: RunMessage<StateOf<T>, T["layer"]>[] = [];
  const run = new DocumentRun<T["document"], T["layer"], T["about"], T["done"]>({
    post: (message) => posted.push(message),
    layer: (layer) => kind.layer(layer),
    done: kind.done,
    confirm,
    progress: () => undefined,
    failure: (error) => ({ kind: "crash", message: String(error) }),
  });
  const request = (_params: unknown, listener: RunListener = {}, signal = new AbortController().signal) =>
    signal.aborted ? Promise.reject(cancelled()) : compute(listener, signal);
  const scoring = {
    ...Object.fromEntries(["analyze", "compare", "pairs", "domains", "patch"].map((name) => [name, request])),
    estimate: () => Promise.resolve(null),
  } as unknown as Scoring;
  const start = async (asked: T["asked"]): Promise<T["document"] | undefined> =>
    await run.run({
      title: asked.title,
      modelName: "demo",
      about: kind.about(asked),
      settings: () => Promise.resolve(settings),
      estimate: (...how) => kind.estimate(scoring, asked, ...how),
      compute: (...how) => kind.compute(scoring, asked, ...how),
    });
  return { run, start, posted };
}
