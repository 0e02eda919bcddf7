import type { AnalysisDocument } from "../engine/document/document";
import { defaults } from "../engine/run/defaults";
import type { ProfileState } from "../pages/analysis";
import type { RunProgress } from "../pages/run";
import { ScoringProcessError } from "../wire/errors";
import type { RunName, RunSettings } from "../wire/protocol";
import type { Asked, Subject } from "./asked";
import type { Host } from "./kind";

/**
 * The full row and column sums of one matrix of an analysis, for its page. The scoring process has those of its last results;
 * for others, such as a saved file's, the samples are run again.
 */
export class FullProfile {
  readonly #host: Host;
  readonly #kind: RunName<Asked & Subject, AnalysisDocument>;
  readonly #post: (profile: ProfileState) => void;
  #state: ProfileState | undefined;
  #controller = new AbortController();

  constructor(host: Host, kind: RunName<Asked & Subject, AnalysisDocument>, post: (profile: ProfileState) => void) {
    this.#host = host;
    this.#kind = kind;
    this.#post = post;
  }

  /** What the page is to be told again after it was hidden. */
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
      this.#post(state);
    };
    const place = { layer, matrix };
    const sums = { ...place, result: sumsOf(document) };
    const { scoring } = this.#host;
    try {
      const held = await scoring.heldSums(sums);
      if (held) return show({ ...place, phase: "done", ...held });
      const progress = (progress: RunProgress): void => show({ ...place, phase: "running", progress });
      progress({ phase: "starting", done: 0, layers: 0, share: 0 });
      await this.#run(document, progress, controller);
      const made = await scoring.heldSums(sums);
      if (made === null) throw notHeld(document, layer, matrix);
      show({ ...place, phase: "done", ...made });
    } catch (error) {
      if (error instanceof ScoringProcessError && error.kind === "cancelled")
        return show({ ...place, phase: "cancelled" });
      const { message, remedy } = this.#host.failure(error);
      show({ ...place, phase: "error", message, remedy });
    }
  }

  /** Runs the samples again: the scoring process keeps the sums of what it ran. */
  async #run(
    document: AnalysisDocument,
    progress: (progress: RunProgress) => void,
    controller: AbortController,
  ): Promise<void> {
    const { scoring } = this.#host;
    const { signal } = controller;
    const settings = await this.#settingsOf(document);
    const running = this.#host.begin(() => controller.abort());
    const waiting = { queued: () => progress({ phase: "queued", done: 0, layers: 0, share: 0 }) };
    const { samples } = document;
    const what = { kind: this.#kind, asked: { title: "", origins: [], texts: [], notes: [], samples }, settings };
    try {
      const cost = await scoring.estimate(what, waiting, signal);
      if (!(await this.#host.confirm("Run the text again for the full profile", cost, settings))) controller.abort();
      const listener = {
        ...waiting,
        progress: ({ phase, of, done, layers, share, secondsLeft }: RunProgress) => {
          const told = { phase, of, done, layers, share, secondsLeft };
          running.update(told);
          progress(told);
        },
      };
      await scoring.run(what, listener, signal);
    } finally {
      running.end();
    }
  }

  /** The settings of the result's own run, with the model where it is on this machine. */
  async #settingsOf({ model, run, target, threshold }: AnalysisDocument): Promise<RunSettings> {
    const settings = await this.#host.settings(model, "The full profile");
    const { mode, share, tau } = threshold;
    const { window = defaults.window, maxSamples = defaults.maxSamples, chat = defaults.chat } = run;
    return {
      ...settings,
      target,
      threshold: mode === "share" ? { mode, share } : { mode, tau },
      window,
      maxSamples,
      chat,
    };
  }
}

/** What of a result decides its sums. */
function sumsOf({ model, target, samples }: AnalysisDocument) {
  return { model: { hash: model.hash }, target, samples };
}

/** Why there are no sums after a run: a matrix that is not there, or a process that has ended or run others meanwhile. */
function notHeld({ layers }: AnalysisDocument, layer: number, matrix: string): ScoringProcessError {
  const isThere = layers.at(layer)?.modules.some(({ name }) => name === matrix) ?? false;
  return isThere
    ? new ScoringProcessError("crash", "The scoring process does not hold the full profile any more", "Try again.")
    : new ScoringProcessError("user", `This result has no matrix ${matrix} in layer ${layer}`);
}
