import { atThreshold } from "../engine/document/at-threshold";
import type { Region } from "../engine/document/matrix-image";
import type {
  AblationDescription,
  AblationDocument,
  AnalysisDocument,
  PositionsDescription,
} from "../engine/document/document";
import { textNotes } from "../engine/document/restore";
import { withAblations, withNewer } from "../format/ablation";
import { nameOfTexts } from "../format/name-of-texts";
import { analysisTable } from "../format/result-table";
import type { FromAnalysisView, MoreOfAnalysis, PlaceInSample, RunAgainOptions } from "../pages/analysis";
import type { MatrixRegion, MatrixSums, MatrixSumsParams } from "../wire/protocol";
import { elementAt } from "../engine/numbers/elements";
import { defaults } from "../engine/run/defaults";
import type { AskedOf, Origin, Parts } from "./asked";
import { ScoringProcessError } from "../wire/errors";
import { notHeld, OnDemand, type Wanted } from "./on-demand";
import { ablationRun, withoutPlace } from "./ablation";
import type { Companion, Host, RunnableKind, Shown, ShownPage, Tints } from "./kind";

const asked = (parts: Parts) =>
  parts.asked.extend({
    ...parts.subject.shape,
    /** The matrix of which all activations are kept for a while. */
    scoresOf: parts.build.object({ layer: parts.build.number(), matrix: parts.build.string() }).optional(),
    /** The beginnings of the first text are measured too, around this token of it. */
    positions: parts.build.object({ around: parts.build.number() }).optional(),
  });

/** A text to be analysed, or several as one set. */
export type AskedAnalysis = AskedOf<typeof asked>;

interface AnalysisTypes {
  asked: AskedAnalysis;
  document: AnalysisDocument;
  figure: "meanActivation";
  about: object;
  from: FromAnalysisView;
  more: MoreOfAnalysis;
}

/** How strongly a text activates the parameters. */
export const analysisKind: RunnableKind<AnalysisTypes> = {
  format: "paramscope.analysis",
  page: "analysis",
  schema: async () => (await import("../engine/document/analysis")).analysisDocument,
  heading: ({ samples }) => nameOfTexts(samples),
  table: analysisTable,
  readable: analysisTable,
  choice(message) {
    if (message.type !== "chooseThreshold") return undefined;
    const { threshold } = message;
    return { apply: (document) => (threshold === null ? document : atThreshold(document, threshold)) };
  },
  samples: ({ samples }) => samples,
  companion: (page, host) => new AnalysisCompanion(page, host),
  run: {
    noun: "Analysis",
    panel: "Activations",
    icon: "graph",
    question: (title) => `Analyze ${title}`,
    takesFewer: true,
    asked,
    figures: ["meanActivation"],
    about: () => ({}),
    purpose: ({ target }) => target,
    askedOf({ model, run, samples }, of, isFile) {
      // A file may come from elsewhere: its texts are run, with the chosen model. A text that was cut comes as its pieces.
      if (isFile) return { ...of, texts: samples.map(({ source, text }) => ({ source, text })), notes: [] };
      // Ids belong to the model that they were made for.
      return { ...of, texts: [], notes: textNotes(run), samples, model };
    },
    again: (asked, { options }) => ({ ...asked, options }),
  },
};

/** The full row and column sums of a matrix. */
export const fullProfile: Wanted<Place, Place, MatrixSums> = {
  name: "full profile",
  place: placeOf,
  missing: (document, place) => notHeld(document, place, "full profile"),
  held: (scoring, params) => scoring.heldSums(params),
};

/** A part of a matrix's weights, one by one where there are not too many. */
export const singleWeights: Wanted<Place & { readonly region: Region }, Place, MatrixRegion> = {
  name: "single weights",
  place: placeOf,
  missing: (document, place) => notHeld(document, place, "single weights"),
  held: (scoring, params) => scoring.heldRegion(params),
  asked: ({ layer, matrix }) => ({ scoresOf: { layer, matrix } }),
};

/** What every beginning of one of the samples activates. */
export const textPositions: Wanted<
  { readonly sample: number; readonly around: number },
  { readonly sample: number },
  { readonly positions: PositionsDescription }
> = {
  name: "positions of the text",
  place: ({ sample }) => ({ sample }),
  // nobody holds them but who asked
  held: () => Promise.resolve(null),
  made: ({ positions }, { sample }) => (positions ? { positions: { ...positions, sample } } : null),
  asked: ({ sample, around }, { samples }) => ({ samples: [elementAt(samples, sample)], positions: { around } }),
  missing: () => new ScoringProcessError("crash", "The run gave no positions"),
};

type Place = Omit<MatrixSumsParams, "result">;

function placeOf({ layer, matrix }: Place): Place {
  return { layer, matrix };
}

/** Full profiles, single weights, positions, predictions without a place, explained tokens, and tints in the editor. */
class AnalysisCompanion implements Companion<AnalysisTypes> {
  readonly #page: ShownPage<AnalysisTypes>;
  readonly #host: Host;
  readonly #profile: OnDemand<Place, Place, MatrixSums>;
  readonly #weights: OnDemand<Place & { readonly region: Region }, Place, MatrixRegion>;
  readonly #positions: OnDemand<
    { readonly sample: number; readonly around: number },
    { readonly sample: number },
    { readonly positions: PositionsDescription }
  >;
  readonly #without: OnDemand<
    PlaceInSample,
    PlaceInSample,
    { readonly ablation: AblationDescription },
    AblationDocument
  >;
  /** What was tried since the result was shown. */
  #ablations: readonly AblationDescription[] = [];
  readonly #listener: { dispose(): void };
  /** Whether the page shows its tokens as tinted. */
  #isTinted = false;

  constructor(page: ShownPage<AnalysisTypes>, host: Host) {
    this.#page = page;
    this.#host = host;
    this.#profile = new OnDemand(host, analysisKind, fullProfile, (profile) => page.post({ type: "profile", profile }));
    this.#weights = new OnDemand(host, analysisKind, singleWeights, (weights) =>
      page.post({ type: "weights", weights }),
    );
    this.#positions = new OnDemand(host, analysisKind, textPositions, (positions) => {
      page.post({ type: "positions", positions });
      if (positions.phase === "done") page.grown();
    });
    this.#without = new OnDemand(host, ablationRun, withoutPlace, (ablation) => {
      if (ablation.phase === "done") this.#ablations = withNewer(this.#ablations, [ablation.ablation]);
      page.post({ type: "ablation", ablation, made: this.#ablations });
      if (ablation.phase === "done") page.grown();
    });
    this.#listener = host.tints.onDidChange(() => this.#tellTints());
  }

  told(): void {
    const { state: profile } = this.#profile;
    if (profile) this.#page.post({ type: "profile", profile });
    const { state: weights } = this.#weights;
    if (weights) this.#page.post({ type: "weights", weights });
    const { state: positions } = this.#positions;
    if (positions) this.#page.post({ type: "positions", positions });
    const { state: ablation } = this.#without;
    if (ablation) this.#page.post({ type: "ablation", ablation, made: this.#ablations });
    this.#isTinted = false;
    this.#tellTints();
  }

  changing(): void {
    this.#profile.close();
    this.#weights.close();
    this.#positions.close();
    this.#without.close();
    this.#ablations = [];
  }

  ended(): void {
    const { result, origins } = this.#page.shown();
    if (result && this.#host.tints.isOn) this.#host.tints.show(result, origins);
  }

  /** With what was measured since: positions, and predictions without a place. */
  completed(document: AnalysisDocument): AnalysisDocument {
    const { state } = this.#positions;
    const moved = state?.phase === "done" ? { ...document, positions: state.positions } : document;
    return withAblations(moved, this.#ablations);
  }

  async answer(message: FromAnalysisView): Promise<boolean> {
    const { document, result, origins } = this.#page.shown();
    switch (message.type) {
      case "explain":
        // In a panel of its own: this one is what is explained.
        if (document) await this.#host.run(analysisKind, explanation(document, origins, message.sample, message.token));
        return true;
      case "runWithAnotherModel":
        if (document && (await this.#host.chooseModel()))
          await this.#host.run(analysisKind, again(document, this.#page.shown(), message.options));
        return true;
      case "toggleDecorations":
        if (result) toggleTints(this.#host.tints, result, origins);
        return true;
      case "openProfile":
        if (document) await this.#profile.open(document, { layer: message.layer, matrix: message.matrix });
        return true;
      case "cancelProfile":
        this.#profile.cancel();
        return true;
      case "openWeights": {
        const { layer, matrix, region } = message;
        if (document) await this.#weights.open(document, { layer, matrix, region });
        return true;
      }
      case "cancelWeights":
        this.#weights.cancel();
        return true;
      case "openPositions":
        if (document) await this.#positions.open(document, { sample: message.sample, around: message.around });
        return true;
      case "cancelPositions":
        this.#positions.cancel();
        return true;
      case "takeAway":
        if (document) await this.#without.open(document, message.place);
        return true;
      case "cancelTakeAway":
        this.#without.cancel();
        return true;
      default:
        return false;
    }
  }

  close(): void {
    this.#profile.close();
    this.#weights.close();
    this.#positions.close();
    this.#without.close();
    this.#listener.dispose();
  }

  /** Says whether the tokens are tinted in the editor, when that has changed. */
  #tellTints(): void {
    const { result } = this.#page.shown();
    const isTinted = result !== undefined && this.#host.tints.shows(result);
    if (isTinted === this.#isTinted) return;
    this.#isTinted = isTinted;
    this.#page.post({ type: "decorated", decorated: isTinted });
  }
}

/** Tints the tokens of a result in their editors, or does so no more. */
export function toggleTints(tints: Tints, document: AnalysisDocument, origins: readonly Origin[]): void {
  if (tints.shows(document)) tints.clear();
  else tints.show(document, origins);
}

/** The texts of a result, of a cut one its pieces, to be run with the model that is chosen: ids are another model's. */
function again(
  { samples, run }: AnalysisDocument,
  { title, origins }: Pick<Shown<AnalysisTypes>, "title" | "origins">,
  options: RunAgainOptions,
): AskedAnalysis {
  const texts = samples.map(({ source, text }) => ({ source, text }));
  return { title, origins: [...origins], texts, notes: textNotes(run), options };
}

/** What is asked for to explain a token: its sample again, with the token as what is predicted. */
function explanation(
  document: AnalysisDocument,
  origins: readonly Origin[],
  sampleIndex: number,
  token: number,
): AskedAnalysis {
  const sample = elementAt(document.samples, sampleIndex);
  const { mode, share, tau } = document.threshold;
  return {
    title: `${sample.source}: ${JSON.stringify(elementAt(sample.tokens, token).text)}`,
    place: `tokens of ${sample.source}`,
    texts: [],
    notes: [],
    origins,
    samples: [sample],
    options: {
      target: `next-token:${token}`,
      threshold: mode === "share" ? { mode, share } : { mode, tau },
      window: document.run.window ?? defaults.window,
      chat: document.run.chat ?? defaults.chat,
    },
    model: document.model,
  };
}
