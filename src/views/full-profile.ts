import { confirmCost } from "../editor/confirm-cost";
import { failureOf, isCancelled } from "../editor/failure";
import { pathOfResultModel } from "../editor/models";
import { runSettings } from "../editor/settings";
import type { App } from "../editor/app";
import type { AnalysisDocument } from "../engine/document/document";
import { defaults } from "../engine/run/defaults";
import type { RunSettings } from "../scoring/protocol";
import type { ProfileState } from "../pages/analysis";
import type { RunProgress } from "../pages/run";

/**
 * The full row and column sums of one matrix of a result, for its view. The scoring process has those of its last results;
 * for others, such as a saved file's, the samples are run again.
 */
export class FullProfile {
  #state: ProfileState | undefined;
  #controller = new AbortController();

  constructor(
    private readonly app: App,
    private readonly post: (profile: ProfileState) => void,
  ) {}

  /** What the view is to be told again after it was hidden. */
  get state(): ProfileState | undefined {
    return this.#state;
  }

  cancel(): void {
    this.#controller.abort();
  }

  /** The result is not shown any more. */
  close(): void {
    this.cancel();
    this.#state = undefined;
  }

  async open(document: AnalysisDocument, layer: number, matrix: string): Promise<void> {
    this.close();
    const controller = new AbortController();
    this.#controller = controller;
    const show = (state: ProfileState): void => {
      if (this.#controller !== controller) return;
      this.#state = state;
      this.post(state);
    };
    const place = { layer, matrix };
    try {
      const { model, target, samples } = document;
      const params = { ...place, result: { model: { hash: model.hash }, target, samples } };
      const held = await this.app.scoring.heldSums(params);
      if (held) return show({ ...place, phase: "done", ...held });
      const progress = (progress: RunProgress): void => show({ ...place, phase: "running", progress });
      progress({ phase: "starting", done: 0, layers: 0, share: 0 });
      const sums = await this.#run(document, params, progress, controller);
      show({ ...place, phase: "done", ...sums });
    } catch (error) {
      if (isCancelled(error)) return show({ ...place, phase: "cancelled" });
      this.app.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      const { message, remedy } = failureOf(error);
      show({ ...place, phase: "error", message, remedy });
    }
  }

  async #run(
    document: AnalysisDocument,
    params: Parameters<App["scoring"]["heldSums"]>[0],
    progress: (progress: RunProgress) => void,
    controller: AbortController,
  ) {
    const { scoring, status } = this.app;
    const { signal } = controller;
    const settings = await settingsOf(document);
    const running = status.begin(() => controller.abort());
    const waiting = { queued: () => progress({ phase: "queued", done: 0, layers: 0, share: 0 }) };
    try {
      const cost = await scoring.estimate(
        { sets: [{ texts: [], samples: document.samples }], settings },
        waiting,
        signal,
      );
      if (!(await confirmCost("Run the text again for the full profile", cost, settings.memory))) controller.abort();
      const listener = {
        ...waiting,
        progress: ({ phase, done, layers, share, secondsLeft }: RunProgress) => {
          running.update({ phase, done, layers, share, secondsLeft });
          progress({ phase, done, layers, share, secondsLeft });
        },
      };
      return await scoring.matrixSums({ ...params, settings }, listener, signal);
    } finally {
      running.end();
    }
  }
}

/** The settings of the result's own run, with the model where it is on this machine. */
async function settingsOf({ model, run, target, threshold }: AnalysisDocument): Promise<RunSettings> {
  const path = await pathOfResultModel(model, "The full profile");
  const { mode, share, tau } = threshold;
  const { window = defaults.window, maxSamples = defaults.maxSamples, chat = defaults.chat } = run;
  return {
    ...runSettings(),
    model: path,
    identity: model.hash,
    target,
    threshold: mode === "share" ? { mode, share } : { mode, tau },
    window,
    maxSamples,
    chat,
  };
}
