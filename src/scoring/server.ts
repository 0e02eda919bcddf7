import { type CancellationToken, type MessageConnection, ResponseError } from "vscode-jsonrpc/node";

import type { ResultDocument } from "../engine/document/document";
import { withSettings } from "../engine/document/settings";
import { ParamscopeError, stackOf } from "../engine/errors";
import {
  DenseResults,
  isIdentity,
  KnownCosts,
  KnownScores,
  type Model,
  nextTokens,
  pruningChoices,
  type RunEvent,
  shrinkChoices,
} from "../engine/index";
import { TokenNeededError } from "../engine/model/hub/errors";
import { namedRemedy } from "../format/remedy";
import { ModelStore } from "./model-store";
import {
  aliveNotification,
  describeModelRequest,
  downloadProgress,
  downloadRequest,
  estimateRequest,
  layerNotification,
  logNotification,
  type MatrixSums,
  matrixRegionRequest,
  matrixSumsRequest,
  nextTokensRequest,
  pingRequest,
  progressNotification,
  type ProgressParams,
  pruningChoicesRequest,
  releaseIdleRequest,
  type RunParams,
  runRequest,
  type RunSettings,
  type ScoringErrorData,
  shrinkChoicesRequest,
} from "../wire/protocol";
import { machineOptions } from "./runs/options";
import type { Kept, Run, RunContext } from "./runs/run";
import { runs } from "./runs/runs";
import { editorSettings } from "../format/editor-settings";
import { ScoresStore } from "./scores-store";
import { SumsStore } from "./sums-store";

const ALIVE_MILLISECONDS = 5000;
/** A processor of the slowest kind; a run that is short even there needs no measurement to say so. */
const SLOWEST_FLOPS = 5e9;
const SHORT_SECONDS = 10;

const errorCode = { user: 1, token: 2, cancelled: -32800, defect: -32603 } as const;

/** Answers the requests of one client over one connection, until it is disposed. */
export function serve(connection: MessageConnection): void {
  const models = new ModelStore();
  const kept: Kept = {
    sums: new SumsStore(),
    scores: new ScoresStore(),
    dense: new DenseResults(),
    known: new KnownCosts(),
    units: new KnownScores(),
  };

  /** Lends the model that the settings name, if it is the one that they were made with. */
  function withModel<Result>(settings: RunSettings, use: (model: Model) => Promise<Result>): Promise<Result> {
    const { model: path, identity } = settings;
    return models.with(path, async (model) => {
      if (identity !== undefined) await assertIdentity(model, identity);
      return use(model);
    });
  }

  /** Follows a run: what it yields goes out as notifications, its result comes back. */
  async function follow<Result>(
    run: number,
    events: AsyncGenerator<RunEvent<Result, ProgressParams["phase"]>, void, void>,
  ): Promise<Result> {
    for await (const event of events) {
      switch (event.type) {
        case "progress":
          void connection.sendNotification(progressNotification, { ...event, run });
          break;
        case "layer":
          void connection.sendNotification(layerNotification, { ...event, run });
          break;
        case "done":
          return event.result;
      }
    }
    throw new Error("the run ended without a result");
  }

  /** Failures become data for the person; a defect's stack goes to the log. */
  async function answer<Result>(token: CancellationToken, work: (signal: AbortSignal) => Promise<Result>) {
    const controller = new AbortController();
    const listener = token.onCancellationRequested(() => controller.abort());
    if (token.isCancellationRequested) controller.abort();
    try {
      controller.signal.throwIfAborted();
      return await work(controller.signal);
    } catch (error) {
      const data = errorData(error, controller.signal);
      if (data.kind === "defect") {
        void connection.sendNotification(logNotification, { message: stackOf(error) });
      }
      throw new ResponseError(errorCode[data.kind], data.message, data);
    } finally {
      listener.dispose();
    }
  }

  /** The run that is asked for, with all that it is given. */
  async function withRun<Result>(
    { kind, asked, settings }: Omit<RunParams, "run">,
    signal: AbortSignal,
    use: (run: Run<unknown, ResultDocument>, asked: unknown, context: RunContext) => Promise<Result>,
  ): Promise<Result> {
    const run = runs.find(({ format }) => format === kind);
    if (run === undefined) throw new Error(`there is no run ${kind}`);
    // The client asks for what its kind takes.
    return await withModel(settings, (model) => use(run, asked, { model, settings, signal, kept }));
  }

  connection.onRequest(runRequest, (params, token) =>
    answer(token, (signal) =>
      withRun(params, signal, async (run, asked, context) => {
        const { document } = await follow(params.run, run.start(asked, context));
        return withSettings(document, context.model, context.settings);
      }),
    ),
  );

  connection.onRequest(estimateRequest, ({ times = 1, ...params }, token) =>
    answer(token, (signal) =>
      withRun(params, signal, async (run, asked, context) =>
        isShort(run.arithmetic(asked, context, times)) ? null : await run.estimate(asked, context, times),
      ),
    ),
  );

  connection.onRequest(nextTokensRequest, ({ run, text, losses, settings }, token) =>
    answer(token, (signal) =>
      withModel(settings, (model) => {
        const { window, chat } = settings;
        const options = machineOptions({ model, settings, signal, kept });
        return follow(run, nextTokens({ ...options, text, window, chat, ...(losses !== undefined && { losses }) }));
      }),
    ),
  );

  connection.onRequest(matrixSumsRequest, ({ result, layer, matrix }, token) =>
    answer(token, (): Promise<MatrixSums | null> => {
      const found = kept.sums.find(result, layer, matrix);
      return Promise.resolve(found ? { rows: [...found.rows], columns: [...found.columns] } : null);
    }),
  );

  connection.onRequest(matrixRegionRequest, (params, token) =>
    answer(token, () => Promise.resolve(kept.scores.find(params))),
  );

  connection.onRequest(pruningChoicesRequest, ({ settings }, token) =>
    answer(token, () =>
      withModel(settings, (model) => Promise.resolve(pruningChoices({ model, memory: settings.memory }))),
    ),
  );

  connection.onRequest(shrinkChoicesRequest, ({ settings }, token) =>
    answer(token, () => withModel(settings, (model) => Promise.resolve(shrinkChoices(model)))),
  );

  connection.onRequest(describeModelRequest, ({ path }, token) =>
    answer(token, () =>
      models.with(path, (model) => {
        const { name, architecture, layers, parameters, context, tokenizer } = model;
        const chatTemplate = tokenizer.chatTemplate !== undefined;
        return Promise.resolve({ name, architecture, layers, parameters, context, chatTemplate });
      }),
    ),
  );

  connection.onRequest(downloadRequest, ({ run, proxies, ...request }, token) =>
    answer(token, async (signal) => {
      const { downloadModel, proxyFetch } = await import("../engine/model/hub/index");
      return await downloadModel(request.id, {
        ...request,
        signal,
        fetch: proxyFetch({ ...process.env, ...proxies }),
        onProgress: (progress) => void connection.sendProgress(downloadProgress, run, progress),
      });
    }),
  );

  connection.onRequest(releaseIdleRequest, ({ idleSeconds }, token) =>
    answer(token, async () => {
      await models.releaseIdle(idleSeconds);
      return { open: models.size };
    }),
  );

  connection.onRequest(pingRequest, () => ({ rss: process.memoryUsage.rss() }));

  const alive = setInterval(() => void connection.sendNotification(aliveNotification), ALIVE_MILLISECONDS);
  connection.onClose(() => clearInterval(alive));
  connection.listen();
}

/** @throws ParamscopeError for another model than the one that a result was made with. */
async function assertIdentity(model: Model, identity: string): Promise<void> {
  if ((await model.identity()) === identity) return;
  throw new ParamscopeError(
    isIdentity(identity)
      ? `The model ${model.name} at ${model.checkpoint.path} is not the one that this result was made with`
      : "This result is of an earlier version, and does not say for certain which model it was made with",
    "Analyze the text again.",
  );
}

/** Even on the slowest machine. */
function isShort(flops: number): boolean {
  return flops / SLOWEST_FLOPS < SHORT_SECONDS;
}

function errorData(error: unknown, signal: AbortSignal): ScoringErrorData {
  if (signal.aborted) return { kind: "cancelled", message: "The run was cancelled." };
  if (error instanceof ParamscopeError)
    return {
      kind: error instanceof TokenNeededError ? "token" : "user",
      message: error.message,
      remedy: namedRemedy(error, editorSettings),
      settings: error.settings,
    };
  return { kind: "defect", message: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
}
