import type { AblatedPlace, AnalysisDocument } from "../engine/document/document";
import { capital } from "../format/claims";
import { defaults } from "../engine/run/defaults";
import type { OnDemandState } from "../pages/analysis";
import type { RunProgress } from "../pages/run";
import { ScoringProcessError } from "../wire/errors";
import type { MatrixSumsParams, RunName, RunSettings } from "../wire/protocol";
import type { Asked, Subject } from "./asked";
import type { Host, Scoring } from "./kind";

/** A matrix of a result. */
type MatrixPlace = Omit<MatrixSumsParams, "result">;

/** What is asked of an analysis; with the matrix of which all activations are kept for a while, the text's positions, or the place that is taken away. */
export type AskedAgain = Asked &
  Subject & {
    readonly scoresOf?: MatrixPlace | undefined;
    readonly positions?: { readonly around: number } | undefined;
    readonly without?: AblatedPlace;
  };

/** What may be asked for of an analysis that is not in its document. */
export interface Wanted<Params, Place, Held, Result = AnalysisDocument> {
  /** What it is, in an error and in a question: `full profile`. */
  readonly name: string;
  /** What a page knows it by. */
  readonly place: (params: Params) => Place;
  /** What the scoring process holds of it, or null. */
  readonly held: (scoring: Scoring, params: Params & Pick<MatrixSumsParams, "result">) => Promise<Held | null>;
  /** What the result of a run for it has of it, where it is that; else it is held then. */
  readonly made?: (result: Result, params: Params) => Held | null;
  /** What is asked of a run for it, besides the samples of the document. */
  readonly asked?: (params: Params, document: AnalysisDocument) => Partial<AskedAgain>;
  /** Why there is nothing of it after a run. */
  readonly missing: (document: AnalysisDocument, params: Params) => ScoringProcessError;
}

/**
 * What is not in an analysis, such as all of one of its matrices, for its page. The scoring process holds it of what it ran last;
 * for others, such as a saved file's, the samples are run again.
 */
export class OnDemand<Params, Place, Held, Result = AnalysisDocument> {
  readonly #host: Host;
  readonly #kind: RunName<AskedAgain, Result>;
  readonly #wanted: Wanted<Params, Place, Held, Result>;
  readonly #post: (state: OnDemandState<Held, Place>) => void;
  #state: OnDemandState<Held, Place> | undefined;
  #controller = new AbortController();

  constructor(
    host: Host,
    kind: RunName<AskedAgain, Result>,
    wanted: Wanted<Params, Place, Held, Result>,
    post: (state: OnDemandState<Held, Place>) => void,
  ) {
    this.#host = host;
    this.#kind = kind;
    this.#wanted = wanted;
    this.#post = post;
  }

  /** What the page is to be told again after it was hidden. */
  get state(): OnDemandState<Held, Place> | undefined {
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
    const show = (state: OnDemandState<Held, Place>): void => {
      if (this.#controller !== controller) return;
      this.#state = state;
      this.#post(state);
    };
    const place = this.#wanted.place(params);
    const held = () => this.#wanted.held(this.#host.scoring, { ...params, result: sumsOf(document) });
    try {
      const known = await held();
      if (known !== null) return show({ ...place, phase: "done", ...known });
      const progress = (progress: RunProgress): void => show({ ...place, phase: "running", progress });
      progress({ phase: "starting", done: 0, layers: 0, share: 0 });
      const result = await this.#run(document, params, progress, controller);
      const made = this.#wanted.made ? this.#wanted.made(result, params) : await held();
      if (made === null) throw this.#wanted.missing(document, params);
      show({ ...place, phase: "done", ...made });
    } catch (error) {
      if (error instanceof ScoringProcessError && error.kind === "cancelled")
        return show({ ...place, phase: "cancelled" });
      const { message, remedy } = this.#host.failure(error);
      show({ ...place, phase: "error", message, remedy });
    }
  }

  /** Runs the samples again: what is wanted is in the result, or the scoring process keeps it of what it ran. */
  async #run(
    document: AnalysisDocument,
    params: Params,
    progress: (progress: RunProgress) => void,
    controller: AbortController,
  ): Promise<Result> {
    const { scoring } = this.#host;
    const { signal } = controller;
    const settings = await this.#settingsOf(document);
    const running = this.#host.begin(() => controller.abort());
    const waiting = { queued: () => progress({ phase: "queued", done: 0, layers: 0, share: 0 }) };
    const { samples } = document;
    const asked = { title: "", origins: [], texts: [], notes: [], samples, ...this.#wanted.asked?.(params, document) };
    const what = { kind: this.#kind, asked, settings };
    try {
      const cost = await scoring.estimate(what, waiting, signal);
      const question = `Run the text again for the ${this.#wanted.name}`;
      if (!(await this.#host.confirm(question, cost, settings))) controller.abort();
      const listener = {
        ...waiting,
        progress: ({ phase, of, done, layers, share, secondsLeft }: RunProgress) => {
          const told = { phase, of, done, layers, share, secondsLeft };
          running.update(told);
          progress(told);
        },
      };
      return await scoring.run(what, listener, signal);
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

/** Why nothing of a matrix is held after a run: it is not there, or the process has ended or run others meanwhile. */
export function notHeld(
  { layers }: AnalysisDocument,
  { layer, matrix }: MatrixPlace,
  name: string,
): ScoringProcessError {
  const isThere = layers.at(layer)?.modules.some((module) => module.name === matrix) ?? false;
  return isThere
    ? new ScoringProcessError("crash", `The scoring process does not hold the ${name} any more`, "Try again.")
    : new ScoringProcessError("user", `This result has no matrix ${matrix} in layer ${layer}`);
}
