import type { AnalysisDocument } from "../engine/document/document";
import { capital } from "../format/claims";
import { defaults } from "../engine/run/defaults";
import type { OnDemandState } from "../pages/analysis";
import type { RunProgress } from "../pages/run";
import { ScoringProcessError } from "../wire/errors";
import type { MatrixSumsParams, RunName, RunSettings } from "../wire/protocol";
import type { Asked, Subject } from "./asked";
import type { Host, Scoring } from "./kind";

/** A matrix of a result, and what else says what is wanted of it. */
type Place = Omit<MatrixSumsParams, "result">;

/** What is asked of an analysis; with the matrix of which all activations are kept for a while. */
type AskedAgain = Asked & Subject & { readonly scoresOf?: Place | undefined };

/** What may be asked for of a matrix of an analysis. */
export interface Wanted<Params extends Place, Held> {
  /** What it is, in an error and in a question: `full profile`. */
  readonly name: string;
  /** What the scoring process holds of it, or null. */
  readonly held: (scoring: Scoring, params: Params & Pick<MatrixSumsParams, "result">) => Promise<Held | null>;
  /** What is asked of a run for it, besides its samples. */
  readonly asked?: (params: Params) => Pick<AskedAgain, "scoresOf">;
}

/**
 * What is not in an analysis of one of its matrices, for its page. The scoring process holds it of what it ran last;
 * for others, such as a saved file's, the samples are run again.
 */
export class OnDemand<Params extends Place, Held> {
  readonly #host: Host;
  readonly #kind: RunName<AskedAgain, AnalysisDocument>;
  readonly #wanted: Wanted<Params, Held>;
  readonly #post: (state: OnDemandState<Held>) => void;
  #state: OnDemandState<Held> | undefined;
  #controller = new AbortController();

  constructor(
    host: Host,
    kind: RunName<AskedAgain, AnalysisDocument>,
    wanted: Wanted<Params, Held>,
    post: (state: OnDemandState<Held>) => void,
  ) {
    this.#host = host;
    this.#kind = kind;
    this.#wanted = wanted;
    this.#post = post;
  }

  /** What the page is to be told again after it was hidden. */
  get state(): OnDemandState<Held> | undefined {
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

  async open(document: AnalysisDocument, params: Params): Promise<void> {
    this.close();
    const controller = new AbortController();
    this.#controller = controller;
    const show = (state: OnDemandState<Held>): void => {
      if (this.#controller !== controller) return;
      this.#state = state;
      this.#post(state);
    };
    const { layer, matrix } = params;
    const place = { layer, matrix };
    const held = () => this.#wanted.held(this.#host.scoring, { ...params, result: sumsOf(document) });
    try {
      const known = await held();
      if (known !== null) return show({ ...place, phase: "done", ...known });
      const progress = (progress: RunProgress): void => show({ ...place, phase: "running", progress });
      progress({ phase: "starting", done: 0, layers: 0, share: 0 });
      await this.#run(document, params, progress, controller);
      const made = await held();
      if (made === null) throw notHeld(document, place, this.#wanted.name);
      show({ ...place, phase: "done", ...made });
    } catch (error) {
      if (error instanceof ScoringProcessError && error.kind === "cancelled")
        return show({ ...place, phase: "cancelled" });
      const { message, remedy } = this.#host.failure(error);
      show({ ...place, phase: "error", message, remedy });
    }
  }

  /** Runs the samples again: the scoring process keeps of what it ran what is wanted. */
  async #run(
    document: AnalysisDocument,
    params: Params,
    progress: (progress: RunProgress) => void,
    controller: AbortController,
  ): Promise<void> {
    const { scoring } = this.#host;
    const { signal } = controller;
    const settings = await this.#settingsOf(document);
    const running = this.#host.begin(() => controller.abort());
    const waiting = { queued: () => progress({ phase: "queued", done: 0, layers: 0, share: 0 }) };
    const { samples } = document;
    const asked = { title: "", origins: [], texts: [], notes: [], samples, ...this.#wanted.asked?.(params) };
    const what = { kind: this.#kind, asked, settings };
    try {
      const cost = await scoring.estimate(what, waiting, signal);
      if (!(await this.#host.confirm(`Run the text again for the ${this.#wanted.name}`, cost, settings)))
        controller.abort();
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
    const settings = await this.#host.settings(model, capital(`the ${this.#wanted.name}`));
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

/** Why there is nothing after a run: a matrix that is not there, or a process that has ended or run others meanwhile. */
function notHeld({ layers }: AnalysisDocument, { layer, matrix }: Place, name: string): ScoringProcessError {
  const isThere = layers.at(layer)?.modules.some((module) => module.name === matrix) ?? false;
  return isThere
    ? new ScoringProcessError("crash", `The scoring process does not hold the ${name} any more`, "Try again.")
    : new ScoringProcessError("user", `This result has no matrix ${matrix} in layer ${layer}`);
}
