import type { CancellationToken, MessageConnection } from "vscode-jsonrpc/node";

import type { Estimate, PruningChoices, StructureChoice } from "../engine/api";
import type { NextTokens } from "../engine/run/next-token";
import type { DownloadedModel } from "../engine/model/hub/download";
import type { DownloadProgress } from "../engine/model/hub/progress";
import { cancelled, ScoringProcessError } from "./errors";
import type { ScoringProcess } from "./process";
import type {
  DownloadParams,
  EstimateParams,
  LayerParams,
  MatrixRegion,
  MatrixRegionParams,
  MatrixSums,
  MatrixSumsParams,
  ModelDescription,
  NextTokensParams,
  ProgressParams,
  RunName,
  RunSettings,
  ScoringErrorData,
} from "./protocol";
import { RunQueue } from "./run-queue";
import type * as wireModule from "./load";

export interface ScoringClientOptions {
  /** Path of the built src/worker.ts. */
  readonly worker: string;
  readonly log: (line: string) => void;
  /** After how many seconds without use a model is let go, and with the last one the process. */
  readonly idleSeconds?: () => number;
  /** How often it is looked for models that are not used any more. */
  readonly idleCheckMilliseconds?: number;
  /** A process that has not answered a cancellation for that long is killed. */
  readonly cancelMilliseconds?: number;
  /** A process that gives no sign of life for that long of a request, in which this one was awake, is killed. */
  readonly hangMilliseconds?: number;
}

/** What is to be run. */
export interface Wanted<Asked, Document> {
  readonly kind: RunName<Asked, Document>;
  readonly asked: Asked;
  readonly settings: RunSettings;
}

/** What a run says before its result. */
export interface RunListener {
  /** It waits for others that were asked for earlier. */
  queued?(): void;
  started?(): void;
  progress?(progress: ProgressParams): void;
  layer?(layer: LayerParams): void;
}

/** The library that speaks to the process, and the protocol: loaded by the first request, not when the extension is activated. */
type Wire = typeof wireModule;

type Send<Result> = (connection: MessageConnection, token: CancellationToken, wire: Wire) => Promise<Result>;

const CANCEL_MILLISECONDS = 3000;
const HANG_MILLISECONDS = 300_000;
/** How often a sign of life is looked for in that time. */
const LOOKS = 10;
const IDLE_SECONDS = 600;
const IDLE_CHECK_MILLISECONDS = 15_000;

/**
 * The scoring process as the extension sees it: started by the first request, again after it has ended, and let go when it
 * has not been used for a while. Every request that fails does so with a ScoringProcessError.
 */
export class ScoringClient {
  readonly #options: ScoringClientOptions;
  readonly #queue = new RunQueue();
  readonly #listeners = new Map<number, RunListener>();
  #process: ScoringProcess | undefined;
  #runs = 0;
  #requests = 0;
  /** How many signs of life there were. */
  #signs = 0;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(options: ScoringClientOptions) {
    this.#options = options;
  }

  /** The id of the process, while there is one. */
  get pid(): number | undefined {
    return this.#process?.isAlive ? this.#process.pid : undefined;
  }

  /** Runs something in its turn, followed by its listener; its document. */
  async run<Asked, Document>(
    { kind, asked, settings }: Wanted<Asked, Document>,
    listener: RunListener = {},
    signal?: AbortSignal,
  ): Promise<Document> {
    const document = await this.#run(listener, signal, (run) =>
      this.#request(
        (connection, token, wire) =>
          connection.sendRequest(wire.runRequest, { run, kind: kind.format, asked, settings }, token),
        signal,
      ),
    );
    // Our own process made it, of the kind that was asked for.
    return document as Document;
  }

  /** What a run would take; null: it is short for certain. */
  async estimate<Asked, Document>(
    { kind, asked, settings, times }: Wanted<Asked, Document> & Pick<EstimateParams, "times">,
    listener: RunListener = {},
    signal?: AbortSignal,
  ): Promise<Estimate | null> {
    const params = { kind: kind.format, asked, settings, times };
    const cost = await this.#run(listener, signal, () =>
      this.#request((connection, token, wire) => connection.sendRequest(wire.estimateRequest, params, token), signal),
    );
    // Nobody is asked about the cost of what was cancelled meanwhile.
    if (signal?.aborted) throw cancelled();
    return cost;
  }

  /** What the model expects behind a text, in its turn. */
  async nextTokens(
    { text, losses, settings }: Omit<NextTokensParams, "run">,
    listener: RunListener = {},
    signal?: AbortSignal,
  ): Promise<NextTokens> {
    return await this.#run(listener, signal, (run) =>
      this.#request(
        (connection, token, wire) =>
          connection.sendRequest(wire.nextTokensRequest, { run, text, losses, settings }, token),
        signal,
      ),
    );
  }

  /** The full row and column sums of a matrix of a result, if the process still holds them. */
  async heldSums(params: MatrixSumsParams): Promise<MatrixSums | null> {
    // Without a process nothing is held.
    if (this.pid === undefined) return null;
    return await this.#request((connection, token, wire) =>
      connection.sendRequest(wire.matrixSumsRequest, params, token),
    );
  }

  /** A part of the matrix of a result whose activations were kept, if the process still holds them. */
  async heldRegion(params: MatrixRegionParams): Promise<MatrixRegion | null> {
    if (this.pid === undefined) return null;
    return await this.#request((connection, token, wire) =>
      connection.sendRequest(wire.matrixRegionRequest, params, token),
    );
  }

  /** What of pruning can be offered for a model. */
  async pruningChoices(settings: RunSettings): Promise<PruningChoices> {
    return await this.#request((connection, token, wire) =>
      connection.sendRequest(wire.pruningChoicesRequest, { settings }, token),
    );
  }

  /** What can be taken out of a model wholly. */
  async shrinkChoices(settings: RunSettings): Promise<StructureChoice[]> {
    return await this.#request((connection, token, wire) =>
      connection.sendRequest(wire.shrinkChoicesRequest, { settings }, token),
    );
  }

  async describeModel(path: string): Promise<ModelDescription> {
    return await this.#request((connection, token, wire) =>
      connection.sendRequest(wire.describeModelRequest, { path }, token),
    );
  }

  /** Downloads a model. Runs do not wait for it. */
  async download(
    params: Omit<DownloadParams, "run">,
    onProgress: (progress: DownloadProgress) => void,
    signal?: AbortSignal,
  ): Promise<DownloadedModel> {
    const run = ++this.#runs;
    return await this.#request(async (connection, token, wire) => {
      const following = connection.onProgress(wire.downloadProgress, run, onProgress);
      try {
        return await connection.sendRequest(wire.downloadRequest, { ...params, run }, token);
      } finally {
        following.dispose();
      }
    }, signal);
  }

  dispose(): void {
    clearInterval(this.#idleTimer);
    this.#process?.kill();
  }

  async #run<Result>(
    listener: RunListener,
    signal: AbortSignal | undefined,
    request: (run: number) => Promise<Result>,
  ): Promise<Result> {
    const run = ++this.#runs;
    return await this.#queue.run(
      async () => {
        listener.started?.();
        this.#listeners.set(run, listener);
        try {
          return await request(run);
        } finally {
          this.#listeners.delete(run);
        }
      },
      signal,
      () => listener.queued?.(),
    );
  }

  async #request<Result>(send: Send<Result>, signal?: AbortSignal): Promise<Result> {
    const wire = await import("./load");
    if (signal?.aborted) throw cancelled();
    const process = this.#running(wire);
    const source = new wire.CancellationTokenSource();
    let killTimer: NodeJS.Timeout | undefined;
    const cancel = (): void => {
      source.cancel();
      killTimer = setTimeout(() => {
        this.#options.log("The scoring process did not end its run when it was cancelled: it is killed.");
        process.kill();
      }, this.#options.cancelMilliseconds ?? CANCEL_MILLISECONDS);
    };
    signal?.addEventListener("abort", cancel, { once: true });
    const hangTimer = this.#watch(process);
    this.#requests++;
    try {
      const ended = process.ended.then((ending) => {
        throw process.endingError(ending);
      });
      return await Promise.race([send(process.connection, source.token, wire), ended]);
    } catch (error) {
      if (signal?.aborted) throw cancelled();
      throw await clientError(error, process, wire);
    } finally {
      this.#requests--;
      clearTimeout(killTimer);
      clearInterval(hangTimer);
      signal?.removeEventListener("abort", cancel);
      source.dispose();
    }
  }

  #running(wire: Wire): ScoringProcess {
    if (this.#process?.isAlive) return this.#process;
    const process = new wire.ScoringProcess(this.#options.worker, this.#options.log);
    const { connection } = process;
    const sign = (): void => void this.#signs++;
    connection.onNotification(wire.aliveNotification, sign);
    connection.onNotification(wire.progressNotification, (progress) => {
      sign();
      this.#listeners.get(progress.run)?.progress?.(progress);
    });
    connection.onNotification(wire.layerNotification, (layer) => {
      sign();
      this.#listeners.get(layer.run)?.layer?.(layer);
    });
    connection.onNotification(wire.logNotification, ({ message }) => this.#options.log(message));
    this.#process = process;
    this.#options.log(`The scoring process ${process.pid ?? "(without an id)"} was started.`);
    void process.ended.then(({ code, signal }) => {
      this.#options.log(`The scoring process ended (${signal ?? `code ${String(code)}`}).`);
    });
    clearInterval(this.#idleTimer);
    this.#idleTimer = setInterval(
      () => void this.#releaseIdle(process, wire),
      this.#options.idleCheckMilliseconds ?? IDLE_CHECK_MILLISECONDS,
    ).unref();
    return process;
  }

  /**
   * Kills a process that has shown no sign of life for too long. What counts is how often it was looked for, not the time: while the machine
   * sleeps neither of the two can do anything.
   */
  #watch(process: ScoringProcess): NodeJS.Timeout {
    const limit = this.#options.hangMilliseconds ?? HANG_MILLISECONDS;
    let signs = this.#signs;
    let looks = 0;
    return setInterval(() => {
      looks = signs === this.#signs ? looks + 1 : 0;
      signs = this.#signs;
      if (looks > LOOKS) process.kill("hung");
    }, limit / LOOKS);
  }

  async #releaseIdle(process: ScoringProcess, wire: Wire): Promise<void> {
    if (!process.isAlive || process !== this.#process) return clearInterval(this.#idleTimer);
    if (this.#requests > 0) return;
    const idleSeconds = this.#options.idleSeconds?.() ?? IDLE_SECONDS;
    const { open } = await process.connection
      .sendRequest(wire.releaseIdleRequest, { idleSeconds })
      .catch(() => ({ open: -1 }));
    // Without a model it is of no use, and ending it gives back what the runtime still holds.
    if (open === 0 && this.#requests === 0) process.kill();
  }
}

async function clientError(error: unknown, process: ScoringProcess, wire: Wire): Promise<ScoringProcessError> {
  if (error instanceof ScoringProcessError) return error;
  if (error instanceof wire.ResponseError && isErrorData(error.data)) {
    const { kind, message, remedy, settings } = error.data;
    return new ScoringProcessError(kind, message, remedy, settings);
  }
  // The channel broke: the process has ended or is about to.
  process.kill();
  return process.endingError(await process.ended);
}

function isErrorData(data: unknown): data is ScoringErrorData {
  return typeof data === "object" && data !== null && "kind" in data && "message" in data;
}
