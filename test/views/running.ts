import type { KindTypes, RunnableKind } from "../../src/kinds/kind";
import type { RunListener } from "../../src/wire/client";
import { cancelled } from "../../src/wire/errors";
import type { RunSettings } from "../../src/wire/protocol";
import { DocumentRun } from "../../src/views/document-run";
import type { MessageTo } from "../../src/views/kind-page";
import { settings } from "../scoring/support";

export type Compute<Document> = (listener: RunListener, signal: AbortSignal) => Promise<Document>;

/** A run of a kind, with a scoring process that computes as it is told to; what its view is told is in `posted`. */
export function running<T extends KindTypes>(
  kind: RunnableKind<T>,
  compute: Compute<T["document"]>,
  confirm: () => Promise<boolean> = () => Promise.resolve(true),
) {
  const posted: MessageTo<T>[] = [];
  const run = new DocumentRun<T["document"], T["figure"], T["about"]>({
    figures: kind.run.figures,
    post: (message) => posted.push(message),
    confirm: async (_, settings) => ((await confirm()) ? settings : undefined),
    progress: () => undefined,
    failure: (error) => ({ kind: "crash", message: String(error) }),
  });
  const computed = (_: RunSettings, listener: RunListener = {}, signal = new AbortController().signal) =>
    signal.aborted ? Promise.reject(cancelled()) : compute(listener, signal);
  const start = async (asked: T["asked"]): Promise<T["document"] | undefined> =>
    await run.run({
      title: asked.title,
      modelName: "demo",
      about: kind.run.about(asked),
      settings: () => Promise.resolve(settings),
      estimate: () => Promise.resolve(null),
      compute: computed,
    });
  return { run, start, posted };
}
