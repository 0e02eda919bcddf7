import type { Estimate, LayerDone } from "../engine/api";
import type { Failure } from "../kinds/kind";
import type { RunMessage, RunProgress, RunState, StreamedLayer } from "../pages/run";
import type { RunListener } from "../wire/client";
import { ScoringProcessError } from "../wire/errors";
import type { RunSettings } from "../wire/protocol";

export interface DocumentJob<Document, About> {
  readonly title: string;
  readonly modelName: string;
  readonly about: About;
  /** The settings with the model's path; finding it may fail. */
  readonly settings: () => Promise<RunSettings>;
  readonly estimate: (settings: RunSettings, listener: RunListener, signal: AbortSignal) => Promise<Estimate | null>;
  readonly compute: (settings: RunSettings, listener: RunListener, signal: AbortSignal) => Promise<Document>;
}

interface RunHooks<State, Figure extends string> {
  /** What is known of a layer while the run is under way. */
  readonly figures: readonly Figure[];
  /** What to go on with, once the cost is known; undefined: not at all. */
  readonly confirm: (cost: Estimate | null, settings: RunSettings) => Promise<RunSettings | undefined>;
  readonly progress: (progress: RunProgress) => void;
  readonly failure: (error: unknown) => Failure;
  /** Every change, as the view is to be told it. */
  readonly post: (message: RunMessage<State, StreamedLayer<Figure>>) => void;
}

const WAITING: Omit<RunProgress, "phase"> = { done: 0, layers: 0, share: 0 };

/** The state of one run, from its start to its document: what a view shows, and shows again after it was hidden. */
export class DocumentRun<Document, Figure extends string, About extends object> {
  readonly #hooks: RunHooks<RunState<Document, StreamedLayer<Figure>, About>, Figure>;
  #state: RunState<Document, StreamedLayer<Figure>, About> = { phase: "empty" };
  #controller: AbortController | undefined;

  constructor(hooks: RunHooks<RunState<Document, StreamedLayer<Figure>, About>, Figure>) {
    this.#hooks = hooks;
  }

  get state(): RunState<Document, StreamedLayer<Figure>, About> {
    return this.#state;
  }

  /** Shows something else than what runs, if anything does. */
  show(state: RunState<Document, StreamedLayer<Figure>, About>): void {
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
      const wanted = await job.settings();
      const cost = await job.estimate(wanted, waiting, signal);
      const settings = await this.#hooks.confirm(cost, wanted);
      if (!settings) controller.abort();
      const listener: RunListener = {
        ...waiting,
        progress: ({ phase, of, done, layers, share, secondsLeft }) => {
          if (isCurrent()) this.#progress({ phase, of, done, layers, share, secondsLeft });
        },
        layer: (layer) => {
          if (isCurrent()) this.#layer(streamedLayer(layer, this.#hooks.figures));
        },
      };
      const document = await job.compute(settings ?? wanted, listener, signal);
      if (!isCurrent()) return undefined;
      this.#show({ phase: "done", title, document, saved: false });
      return document;
    } catch (error) {
      if (!isCurrent()) return undefined;
      if (error instanceof ScoringProcessError && error.kind === "cancelled") this.#showCancelled(title, job.about);
      else this.#show({ phase: "error", title, ...this.#hooks.failure(error) });
      return undefined;
    }
  }

  #show(state: RunState<Document, StreamedLayer<Figure>, About>): void {
    this.#state = state;
    this.#hooks.post({ type: "state", state });
  }

  #progress(progress: RunProgress): void {
    if (this.#state.phase !== "running") return;
    this.#state = { ...this.#state, progress };
    this.#hooks.post({ type: "progress", progress });
    this.#hooks.progress(progress);
  }

  #layer(layer: StreamedLayer<Figure>): void {
    if (this.#state.phase !== "running") return;
    this.#state = { ...this.#state, layers: [...this.#state.layers, layer] };
    this.#hooks.post({ type: "layer", layer });
  }

  #showCancelled(title: string, about: About): void {
    const { layers, layerCount } =
      this.#state.phase === "running"
        ? { layers: this.#state.layers, layerCount: this.#state.progress.layers }
        : { layers: [], layerCount: 0 };
    this.#show({ phase: "cancelled", title, layers, layerCount, ...about });
  }
}

/** What a page is told of a layer; a figure that is not known, such as the mean of no texts, is 0. */
function streamedLayer<Figure extends string>(
  { layer, figures: known }: LayerDone,
  figures: readonly Figure[],
): StreamedLayer<Figure> {
  const values = figures.map((name) => [name, known[name] ?? 0]);
  return { layer, ...(Object.fromEntries(values) as Record<Figure, number>) };
}
