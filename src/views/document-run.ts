import type { Estimate } from "../engine/api";
import type { RunListener } from "../scoring/client";
import { ScoringProcessError } from "../scoring/errors";
import type { LayerParams, RunSettings } from "../scoring/protocol";
import type { ErrorState, RunMessage, RunProgress, RunState } from "../pages/run";

export interface DocumentJob<Document, About> {
  readonly title: string;
  readonly modelName: string;
  readonly about: About;
  /** The settings with the model's path; finding it may fail. */
  readonly settings: () => Promise<RunSettings>;
  readonly estimate: (settings: RunSettings, listener: RunListener, signal: AbortSignal) => Promise<Estimate | null>;
  readonly compute: (settings: RunSettings, listener: RunListener, signal: AbortSignal) => Promise<Document>;
}

export interface RunHooks {
  /** Whether to go on, once the cost is known. */
  readonly confirm: (cost: Estimate | null, settings: RunSettings) => Promise<boolean>;
  readonly progress: (progress: RunProgress) => void;
  readonly failure: (error: unknown) => Omit<ErrorState, "phase" | "title">;
}

interface ViewHooks<State, Layer, Done> extends RunHooks {
  /** Every change, as the view is to be told it. */
  readonly post: (message: RunMessage<State, Layer>) => void;
  readonly layer: (layer: LayerParams) => Layer;
  /** What a result is shown with at first. */
  readonly done: Done;
}

const WAITING: Omit<RunProgress, "phase"> = { done: 0, layers: 0, share: 0 };

/** The state of one run, from its start to its document: what a view shows, and shows again after it was hidden. */
export class DocumentRun<Document, Layer, About extends object, Done extends object> {
  #state: RunState<Document, Layer, About, Done> = { phase: "empty" };
  #controller: AbortController | undefined;

  constructor(private readonly hooks: ViewHooks<RunState<Document, Layer, About, Done>, Layer, Done>) {}

  get state(): RunState<Document, Layer, About, Done> {
    return this.#state;
  }

  /** Shows something else than what runs, if anything does. */
  show(state: RunState<Document, Layer, About, Done>): void {
    this.cancel();
    this.#controller = undefined;
    this.#show(state);
  }

  cancel(): void {
    this.#controller?.abort();
  }

  /** Runs a job, after ending the one that was running; its document, unless it failed or was cancelled. */
  async run({ title, ...job }: DocumentJob<Document, About>): Promise<Document | undefined> {
    this.cancel();
    const controller = new AbortController();
    this.#controller = controller;
    const { signal } = controller;
    const isCurrent = (): boolean => this.#controller === controller;
    this.#show({
      phase: "running",
      title,
      model: job.modelName,
      progress: { phase: "starting", ...WAITING },
      layers: [],
      ...job.about,
    });
    const waiting = {
      queued: () => isCurrent() && this.#progress({ phase: "queued", ...WAITING }),
      started: () => isCurrent() && this.#progress({ phase: "starting", ...WAITING }),
    };
    try {
      const settings = await job.settings();
      const cost = await job.estimate(settings, waiting, signal);
      if (!(await this.hooks.confirm(cost, settings))) controller.abort();
      const listener: RunListener = {
        ...waiting,
        progress: ({ phase, of, done, layers, share, secondsLeft }) => {
          if (isCurrent()) this.#progress({ phase, of, done, layers, share, secondsLeft });
        },
        layer: (layer) => {
          if (isCurrent()) this.#layer(this.hooks.layer(layer));
        },
      };
      const document = await job.compute(settings, listener, signal);
      if (!isCurrent()) return undefined;
      this.#show({ phase: "done", title, document, saved: false, ...this.hooks.done });
      return document;
    } catch (error) {
      if (!isCurrent()) return undefined;
      if (error instanceof ScoringProcessError && error.kind === "cancelled") this.#showCancelled(title, job.about);
      else this.#show({ phase: "error", title, ...this.hooks.failure(error) });
      return undefined;
    }
  }

  #show(state: RunState<Document, Layer, About, Done>): void {
    this.#state = state;
    this.hooks.post({ type: "state", state });
  }

  #progress(progress: RunProgress): void {
    if (this.#state.phase !== "running") return;
    this.#state = { ...this.#state, progress };
    this.hooks.post({ type: "progress", progress });
    this.hooks.progress(progress);
  }

  #layer(layer: Layer): void {
    if (this.#state.phase !== "running") return;
    this.#state = { ...this.#state, layers: [...this.#state.layers, layer] };
    this.hooks.post({ type: "layer", layer });
  }

  #showCancelled(title: string, about: About): void {
    const { layers, layerCount } =
      this.#state.phase === "running"
        ? { layers: this.#state.layers, layerCount: this.#state.progress.layers }
        : { layers: [], layerCount: 0 };
    this.#show({ phase: "cancelled", title, layers, layerCount, ...about });
  }
}
