import type { Origin, TextSource } from "../kinds/asked";
import type { Estimate, ExportTarget, PruningChoices } from "../engine/api";
import type { AnalysisDocument, CurvePoint, PruningDocument } from "../engine/document/document";
import { formatShare } from "../format/numbers";
import { criterionInWords, methodInWords } from "../format/pruning";
import type { RunListener, ScoringClient } from "../wire/client";
import type { RunSettings } from "../wire/protocol";
import { type AskedAnalysis, analysisKind } from "../kinds/analysis";
import type { Host, RunningEntry, Scoring } from "../kinds/kind";
import { type AskedPruning, pruningKind } from "../kinds/pruning";
import { type DocumentJob, DocumentRun } from "./document-run";
import type { KeptPreview } from "./kept-preview";
import { planOfPruning } from "./plan-of-pruning";
import type { OfferedOptions, PruningPlan, ToPreview } from "../pages/preview";
import type { ErrorState, RunProgress } from "../pages/run";

/** The sparsities of the curve. */
const SPARSITIES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];

export interface PreviewHooks extends Pick<Host, "settings" | "confirm" | "begin" | "failure"> {
  readonly scoring: Scoring & Pick<ScoringClient, "pruningChoices">;
  readonly post: (message: ToPreview) => void;
  /** The chosen model's name. */
  readonly modelName: () => string;
  /** Where it is; rejects where it is not there. */
  readonly modelPath: () => Promise<string>;
  /** Keeps a result in the history: a new one, or what an earlier one has become; its id there. */
  readonly keep: (
    document: PruningDocument,
    of: { title: string; origins: readonly Origin[] },
    id?: string,
  ) => Promise<string | undefined>;
  /** Keeps what is shown for another window. */
  readonly remember: (preview: KeptPreview) => Promise<void>;
}

/** What an earlier result's model is needed for. */
const NEEDS = "Pruning";

/** What is evaluated besides the plan. */
export interface Evaluation {
  readonly text: TextSource;
  readonly windows: number;
}

type Pruning = AskedPruning["pruning"];
type EvaluatedPruning = Pruning & { readonly evaluation: Evaluation };

/** What the compression preview shows and runs; one thing at a time. Knows no editor. */
export class PreviewSession {
  readonly #calibration: DocumentRun<AnalysisDocument, "meanActivation", object>;
  readonly #evaluation: DocumentRun<PruningDocument, "sparsity", object>;
  readonly #curve: DocumentRun<readonly CurvePoint[], never, object>;
  readonly #export: DocumentRun<PruningDocument, "sparsity", object>;
  #subject: AskedAnalysis | undefined;
  #choices: PruningChoices | null = null;
  #offered: OfferedOptions | undefined;
  /** What the document of the evaluation was asked for with, and its place in the history. */
  #evaluated: { readonly pruning: EvaluatedPruning; readonly id: string | undefined } | undefined;
  #status: RunningEntry | undefined;

  readonly #hooks: PreviewHooks;

  constructor(hooks: PreviewHooks) {
    this.#hooks = hooks;
    const { failure, post } = hooks;
    const common = { failure, progress: (progress: RunProgress) => this.#status?.update(progress) };
    const confirm = (question: () => string) => (cost: Estimate | null, settings: RunSettings) =>
      hooks.confirm(question(), cost, settings);
    this.#calibration = new DocumentRun({
      ...common,
      post,
      figures: analysisKind.run.figures,
      confirm: confirm(() => `Measure the density of ${this.title}`),
    });
    this.#evaluation = new DocumentRun({
      ...common,
      post: (message) => post({ type: "part", part: "evaluation", message }),
      figures: pruningKind.run.figures,
      confirm: confirm(() => "Prune and evaluate"),
    });
    this.#curve = new DocumentRun({
      ...common,
      post: (message) => post({ type: "part", part: "curve", message }),
      // Points of the curve are in the evaluated document.
      figures: [],
      confirm: confirm(() => "Compute the curve"),
    });
    this.#export = new DocumentRun({
      ...common,
      post: (message) => post({ type: "part", part: "export", message }),
      figures: pruningKind.run.figures,
      confirm: confirm(() => "Prune and export"),
    });
  }

  /** Tokens of the calibration. */
  get tokens(): number {
    return this.#calibrated?.samples.reduce((sum, { tokens }) => sum + tokens.length, 0) ?? 0;
  }

  /** The title of the calibration. */
  get title(): string {
    const { state } = this.#calibration;
    return state.phase === "empty" ? "" : state.title;
  }

  get evaluated(): PruningDocument | undefined {
    const { state } = this.#evaluation;
    return state.phase === "done" ? state.document : undefined;
  }

  get evaluatedTitle(): string {
    const { state } = this.#evaluation;
    return state.phase === "done" ? state.title : "";
  }

  /** Says everything, to a view that knows nothing yet. */
  tell(): void {
    const { post } = this.#hooks;
    post({ type: "state", state: this.#calibration.state });
    post({ type: "choices", choices: this.#choices });
    void this.tellModel();
    post({ type: "part", part: "evaluation", message: { type: "state", state: this.#evaluation.state } });
    post({ type: "part", part: "curve", message: { type: "state", state: this.#curve.state } });
    post({ type: "part", part: "export", message: { type: "state", state: this.#export.state } });
    if (this.#offered) post({ type: "options", ...this.#offered });
  }

  /** Says whether another model is chosen now than the one that was calibrated: a plan is of that one. */
  async tellModel(): Promise<void> {
    const { post, modelName, modelPath } = this.#hooks;
    const path = await modelPath().catch(() => undefined);
    const calibrated = this.#calibrated;
    const isOther = calibrated !== undefined && path !== undefined && path !== calibrated.model.path;
    post({ type: "otherModel", name: isOther ? modelName() : null });
  }

  /** Sets the controls, of the page that is there or of the one that comes. */
  offer(options: OfferedOptions): void {
    this.#offered = options;
    this.#hooks.post({ type: "options", ...options });
  }

  cancel(): void {
    for (const run of [this.#calibration, this.#evaluation, this.#curve, this.#export]) run.cancel();
  }

  /** Measures what texts activate: the plan follows from it. */
  async calibrate(subject: AskedAnalysis): Promise<void> {
    const { scoring, settings, modelName } = this.#hooks;
    this.#forget();
    this.#subject = subject;
    const { title, model, options } = subject;
    const document = await this.#run(this.#calibration, {
      title,
      modelName: model?.name ?? modelName(),
      about: {},
      settings: async () => ({ ...(await settings(model, NEEDS)), ...options }),
      estimate: (settings, ...how) => scoring.estimate({ kind: analysisKind, asked: subject, settings }, ...how),
      compute: (settings, ...how) => scoring.run({ kind: analysisKind, asked: subject, settings }, ...how),
    });
    if (document) await this.#calibratedWith(document);
  }

  /** The same again. */
  async calibrateAgain(): Promise<void> {
    if (this.#subject) await this.calibrate(this.#subject);
  }

  /** Takes the texts and densities of an analysis: nothing is computed. */
  async useAnalysis(document: AnalysisDocument, of: Pick<AskedAnalysis, "title" | "origins">): Promise<void> {
    this.#forget();
    this.#show(document, of);
    await this.#calibratedWith(document);
  }

  /** Shows what an earlier window kept; nothing where something else is shown or run already. */
  async restore(kept: KeptPreview, result: PruningDocument | undefined): Promise<void> {
    if (this.#calibration.state.phase !== "empty") return;
    const { calibration, evaluated } = kept;
    this.#show(calibration, kept);
    if (evaluated !== undefined && result !== undefined) {
      const { id, ...evaluation } = evaluated;
      const plan = planOfPruning(result);
      const pruning = this.#asked(plan, evaluation);
      if (pruning !== undefined) this.#evaluated = { pruning, id };
      this.#evaluation.show({ phase: "done", title: this.#titleOf(plan), document: result, saved: false });
    }
    await this.#choose(calibration);
  }

  /** Prunes as planned and measures what that costs; the result is kept in the history. */
  async evaluate(plan: PruningPlan, evaluation: Evaluation, prompt?: string): Promise<void> {
    const pruning = this.#asked(plan, evaluation, prompt);
    if (pruning === undefined) return;
    this.#curve.show({ phase: "empty" });
    this.#evaluated = undefined;
    const document = await this.#prune(this.#evaluation, plan, besideEven(pruning));
    if (document === undefined) return;
    this.#evaluated = { pruning, id: await this.#hooks.keep(document, this.#named(plan)) };
    await this.#remember();
  }

  /** Says what an evaluation would take; nothing where that cannot be known. */
  async estimate(plan: PruningPlan, evaluation: Evaluation, prompt?: string): Promise<void> {
    const { scoring, post } = this.#hooks;
    const pruning = this.#pruningOf(plan);
    if (pruning === undefined) return;
    try {
      const asked = unnamed(besideEven({ ...pruning, evaluation, prompt }));
      const cost = await scoring.estimate({ kind: pruningKind, asked, settings: await this.#settings() });
      post({ type: "cost", cost: cost === null ? "short" : { seconds: cost.seconds, memory: cost.memory } });
    } catch {
      // an evaluation says what is wrong
      post({ type: "cost", cost: null });
    }
  }

  /** Evaluates other sparsities as the last evaluation did; points are in its document as they come. */
  async measureCurve(criteria: readonly PruningPlan["criterion"][]): Promise<void> {
    const { evaluated } = this;
    const asked = this.#evaluated;
    if (evaluated === undefined || asked === undefined) return;
    const { scoring } = this.#hooks;
    const pruning = { ...asked.pruning, prompt: undefined, pattern: undefined };
    const isThere = (criterion: string, sparsity: number): boolean =>
      evaluated.curve.some((point) => point.criterion === criterion && point.sparsity === sparsity);
    const wanted = criteria.flatMap((criterion) =>
      SPARSITIES.filter((sparsity) => !isThere(criterion, sparsity)).map((sparsity) => ({ criterion, sparsity })),
    );
    if (wanted.length === 0) return;
    await this.#run(this.#curve, {
      title: "Perplexity over sparsity",
      modelName: evaluated.model.name,
      about: {},
      settings: () => this.#settings(),
      estimate: async (settings, ...run) => {
        const costs: (Estimate | null)[] = [];
        for (const criterion of criteria) {
          const times = wanted.filter((point) => point.criterion === criterion).length;
          if (times > 0)
            costs.push(
              await scoring.estimate(
                { kind: pruningKind, asked: unnamed({ ...pruning, criterion }), times, settings },
                ...run,
              ),
            );
        }
        return together(costs);
      },
      compute: async (settings, listener, signal) => {
        const points: CurvePoint[] = [];
        const begun = performance.now();
        for (const [i, point] of wanted.entries()) {
          const { perplexity } = await scoring.run(
            { kind: pruningKind, asked: unnamed({ ...pruning, ...point }), settings },
            partOf(listener, { done: i, of: wanted.length, begun }),
            signal,
          );
          if (perplexity === null) throw new Error("a point was not evaluated");
          const { pruned, agreement, divergence, losses } = perplexity;
          points.push({ ...point, perplexity: pruned, agreement, divergence, losses: losses?.pruned });
          this.#become({ ...evaluated, curve: [...evaluated.curve, ...points] });
        }
        return points;
      },
    });
    if (this.evaluated !== undefined && this.evaluated !== evaluated && asked.id !== undefined)
      await this.#hooks.keep(this.evaluated, this.#named(planOfPruning(evaluated)), asked.id);
  }

  /**
   * Prunes as planned and writes the model, or which weights went. Where that was evaluated the result becomes one.
   * @returns what went wrong, if anything did.
   */
  async export(
    plan: PruningPlan,
    target: { readonly exportTo: ExportTarget } | { readonly masksTo: ExportTarget },
  ): Promise<ErrorState | undefined> {
    const pruning = this.#pruningOf(plan);
    if (pruning === undefined) return undefined;
    const document = await this.#prune(this.#export, plan, { ...pruning, ...target });
    const { state } = this.#export;
    if (document === undefined) return state.phase === "error" ? state : undefined;
    const { evaluated } = this;
    if (evaluated === undefined || methodInWords(evaluated) !== methodInWords(document)) {
      await this.#hooks.keep(document, this.#named(plan));
      return undefined;
    }
    const { exported, masks } = document;
    this.#become({
      ...evaluated,
      exported: exported ?? evaluated.exported,
      masks: masks ?? evaluated.masks,
      run: { ...evaluated.run, notes: [...new Set([...evaluated.run.notes, ...document.run.notes])] },
    });
    await this.#hooks.keep(this.evaluated ?? evaluated, this.#named(planOfPruning(evaluated)), this.#evaluated?.id);
    return undefined;
  }

  #show(document: AnalysisDocument, { title, origins }: Pick<AskedAnalysis, "title" | "origins">): void {
    const { model, run, samples } = document;
    this.#subject = { title, origins, texts: [], notes: run.notes, samples, model };
    this.#calibration.show({ phase: "done", title, document, saved: false });
  }

  async #calibratedWith(document: AnalysisDocument): Promise<void> {
    await this.tellModel();
    await this.#remember();
    await this.#choose(document);
  }

  async #remember(): Promise<void> {
    const calibration = this.#calibrated;
    if (calibration === undefined) return;
    const { id, pruning } = this.#evaluated ?? {};
    await this.#hooks.remember({
      title: this.title,
      origins: [...(this.#subject?.origins ?? [])],
      calibration,
      evaluated: id !== undefined && pruning ? { id, ...pruning.evaluation } : undefined,
    });
  }

  get #calibrated(): AnalysisDocument | undefined {
    const { state } = this.#calibration;
    return state.phase === "done" ? state.document : undefined;
  }

  /** What belongs to another calibration. */
  #forget(): void {
    this.#evaluated = undefined;
    this.#choices = null;
    this.#hooks.post({ type: "choices", choices: null });
    for (const run of [this.#evaluation, this.#curve, this.#export]) run.show({ phase: "empty" });
  }

  #become(document: PruningDocument): void {
    const { state } = this.#evaluation;
    if (state.phase === "done") this.#evaluation.show({ ...state, document });
  }

  /** Asks what the model allows; where it cannot be opened nothing but the plan is offered. */
  async #choose(document: AnalysisDocument): Promise<void> {
    try {
      const choices = await this.#hooks.scoring.pruningChoices(await this.#settings());
      if (this.#calibrated !== document) return;
      this.#choices = choices;
      this.#hooks.post({ type: "choices", choices });
    } catch {
      // an evaluation says what is wrong
    }
  }

  /** The settings of the calibration: its model, and what was differentiated. */
  async #settings(): Promise<RunSettings> {
    const document = this.#calibrated;
    if (document === undefined) return await this.#hooks.settings(undefined, NEEDS);
    const settings = await this.#hooks.settings(document.model, NEEDS);
    return { ...settings, target: document.target, window: document.run.window ?? settings.window };
  }

  /** What an evaluation asks for. */
  #asked(plan: PruningPlan, evaluation: Evaluation, prompt?: string): EvaluatedPruning | undefined {
    const pruning = this.#pruningOf(plan);
    if (pruning === undefined) return undefined;
    const { samples = [], notes = [], ...calibration } = pruning.calibration;
    const isCalibrated = samples.some(({ source }) => source === evaluation.text.source);
    const alike = `${evaluation.text.source} calibrates and is evaluated: on other texts pruning may cost more.`;
    return {
      ...pruning,
      calibration: { ...calibration, samples, notes: isCalibrated ? [...notes, alike] : notes },
      evaluation,
      prompt,
    };
  }

  #pruningOf({ pattern, ...plan }: PruningPlan): Pruning | undefined {
    const document = this.#calibrated;
    if (document === undefined) return undefined;
    const { samples, layers, threshold, run } = document;
    return {
      calibration: { texts: [], samples, notes: run.notes },
      densities: layers.map(({ density }) => density),
      share: threshold.share,
      ...plan,
      pattern: pattern ?? undefined,
    };
  }

  async #prune(
    run: DocumentRun<PruningDocument, "sparsity", object>,
    plan: PruningPlan,
    pruning: Pruning,
  ): Promise<PruningDocument | undefined> {
    const { scoring } = this.#hooks;
    const asked = { title: this.#titleOf(plan), origins: [], pruning };
    return await this.#run(run, {
      title: asked.title,
      modelName: this.#calibrated?.model.name ?? "",
      about: {},
      settings: () => this.#settings(),
      estimate: (settings, ...how) => scoring.estimate({ kind: pruningKind, asked, settings }, ...how),
      compute: (settings, ...how) => scoring.run({ kind: pruningKind, asked, settings }, ...how),
    });
  }

  async #run<Document, Figure extends string>(
    run: DocumentRun<Document, Figure, object>,
    job: DocumentJob<Document, object>,
  ): Promise<Document | undefined> {
    this.cancel();
    const status = this.#hooks.begin(() => run.cancel());
    this.#status = status;
    try {
      return await run.run(job);
    } finally {
      status.end();
    }
  }

  /** `story.txt (Wanda 50 %)` */
  #titleOf({ criterion, sparsity, pattern, allocation }: PruningPlan): string {
    const much = pattern === null ? formatShare(sparsity) : `${pattern.pruned}:${pattern.of}`;
    const where = pattern === null && allocation === "uniform" ? ", uniform" : "";
    return `${this.title} (${criterionInWords[criterion]} ${much}${where})`;
  }

  #named(plan: PruningPlan): { title: string; origins: readonly Origin[] } {
    return { title: this.#titleOf(plan), origins: this.#subject?.origins ?? [] };
  }
}

/** What an allocation has bought is only seen beside the same share of every layer. */
function besideEven(pruning: EvaluatedPruning): EvaluatedPruning {
  return { ...pruning, evaluation: { ...pruning.evaluation, even: true } };
}

/** A pruning that only the preview hears of. */
function unnamed(pruning: Pruning): AskedPruning {
  return { title: "", origins: [], pruning };
}

/** One of several runs, as a part of all: its progress is theirs. */
function partOf(
  listener: RunListener,
  { done, of, begun }: { readonly done: number; readonly of: number; readonly begun: number },
): RunListener {
  return {
    progress: (progress) => {
      const share = (done + progress.share) / of;
      const seconds = (performance.now() - begun) / 1000;
      const secondsLeft = share > 0 ? (seconds * (1 - share)) / share : undefined;
      listener.progress?.({ ...progress, share, secondsLeft });
    },
  };
}

/** One run after the other; null: all are short for certain. */
function together(costs: readonly (Estimate | null)[]): Estimate | null {
  return costs
    .filter((cost) => cost !== null)
    .reduce<Estimate | null>(
      (sum, cost) =>
        sum === null
          ? cost
          : {
              samples: sum.samples,
              tokens: sum.tokens,
              seconds: [sum.seconds[0] + cost.seconds[0], sum.seconds[1] + cost.seconds[1]],
              memory: Math.max(sum.memory, cost.memory),
              leastMemory: Math.max(sum.leastMemory, cost.leastMemory),
              diskRead: sum.diskRead + cost.diskRead,
              spilled: Math.max(sum.spilled, cost.spilled),
            },
      null,
    );
}
