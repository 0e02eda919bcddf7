import type { Estimate } from "../engine/api";
import type { AnalysisDocument } from "../engine/document/document";
import type { ScoringClient } from "../scoring/client";
import { ScoringProcessError } from "../scoring/errors";
import type { RunSettings, TextSet } from "../scoring/protocol";
import type { AnalysisState, RunProgress, ToAnalysisView } from "./analysis-protocol";

export interface AnalysisJob {
  readonly title: string;
  readonly modelName: string;
  readonly set: TextSet;
  /** The settings with the model's path; finding it may fail. */
  readonly settings: () => Promise<RunSettings>;
}

export interface AnalysisHooks {
  /** Every change, as the view is to be told it. */
  readonly post: (message: ToAnalysisView) => void;
  /** Whether to go on, once the cost is known. */
  readonly confirm: (cost: Estimate | null, settings: RunSettings) => Promise<boolean>;
  readonly progress: (progress: RunProgress) => void;
  readonly failure: (error: unknown) => Omit<Extract<AnalysisState, { phase: "error" }>, "phase" | "title">;
}

const WAITING: Omit<RunProgress, "phase"> = { done: 0, layers: 0, share: 0 };

/** The state of one analysis, from its start to its result: what a view shows, and shows again after it was hidden. */
export class AnalysisRun {
  #state: AnalysisState = { phase: "empty" };
  #controller: AbortController | undefined;

  constructor(
    private readonly scoring: Pick<ScoringClient, "analyze" | "estimate">,
    private readonly hooks: AnalysisHooks,
  ) {}

  get state(): AnalysisState {
    return this.#state;
  }

  get isRunning(): boolean {
    return this.#state.phase === "running";
  }

  show(state: AnalysisState): void {
    this.#state = state;
    this.hooks.post({ type: "state", state });
  }

  cancel(): void {
    this.#controller?.abort();
  }

  /** Runs a job, after ending the one that was running; its document, unless it failed or was cancelled. */
  async start(job: AnalysisJob): Promise<AnalysisDocument | undefined> {
    this.cancel();
    const controller = new AbortController();
    this.#controller = controller;
    const { signal } = controller;
    const isCurrent = (): boolean => this.#controller === controller;
    this.show({
      phase: "running",
      title: job.title,
      model: job.modelName,
      progress: { phase: "starting", ...WAITING },
      layers: [],
    });
    const waiting = {
      queued: () => isCurrent() && this.#progress({ phase: "queued", ...WAITING }),
      started: () => isCurrent() && this.#progress({ phase: "starting", ...WAITING }),
    };
    try {
      const settings = await job.settings();
      const cost = await this.scoring.estimate({ sets: [job.set], settings }, waiting, signal);
      if (!(await this.hooks.confirm(cost, settings))) controller.abort();
      const document = await this.scoring.analyze(
        { ...job.set, settings },
        {
          ...waiting,
          progress: ({ phase, done, layers, share, secondsLeft }) => {
            if (isCurrent()) this.#progress({ phase, done, layers, share, secondsLeft });
          },
          layer: ({ layer, parameters, meanActivation = 0 }) => {
            if (isCurrent()) this.#layer({ layer, parameters, meanActivation });
          },
        },
        signal,
      );
      if (!isCurrent()) return undefined;
      this.show({ phase: "done", title: job.title, document, saved: false, decorated: false });
      return document;
    } catch (error) {
      if (!isCurrent()) return undefined;
      if (error instanceof ScoringProcessError && error.kind === "cancelled") this.#showCancelled(job.title);
      else this.show({ phase: "error", title: job.title, ...this.hooks.failure(error) });
      return undefined;
    }
  }

  #progress(progress: RunProgress): void {
    if (this.#state.phase !== "running") return;
    this.#state = { ...this.#state, progress };
    this.hooks.post({ type: "progress", progress });
    this.hooks.progress(progress);
  }

  #layer(layer: { layer: number; parameters: number; meanActivation: number }): void {
    if (this.#state.phase !== "running") return;
    this.#state = { ...this.#state, layers: [...this.#state.layers, layer] };
    this.hooks.post({ type: "layer", layer });
  }

  #showCancelled(title: string): void {
    const { layers, layerCount } =
      this.#state.phase === "running"
        ? { layers: this.#state.layers, layerCount: this.#state.progress.layers }
        : { layers: [], layerCount: 0 };
    this.show({ phase: "cancelled", title, layers, layerCount });
  }
}
