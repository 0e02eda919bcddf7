import { type CancellationToken, type MessageConnection, ResponseError } from "vscode-jsonrpc/node";

import { restoreSample, restoreSamples } from "../engine/document/restore";
import { withSettings } from "../engine/document/settings";
import { ParamscopeError } from "../engine/errors";
import {
  analyze,
  compare,
  DenseResults,
  domains,
  estimate,
  estimateDomains,
  estimatePairs,
  estimatePatching,
  estimatePruning,
  isIdentity,
  pairs,
  parseTarget,
  patching,
  patchingFlops,
  prune,
  pruningChoices,
  pruningFlops,
  type DomainsRequest,
  type Model,
  type PairsRequest,
  type PatchingRequest,
  type PruneRequest,
  type RunEvent,
  type ResumePlace,
  type RunOptions,
  type RuntimeWish,
} from "../engine/index";
import { TokenNeededError } from "../engine/model/hub/errors";
import { firstWindows, formSamples } from "../engine/text/form-samples";
import type { Text } from "../engine/text/text";
import type { Sample, SampleSet } from "../engine/text/sample";
import { samplesFolder, unrelatedTexts } from "../engine/text/shipped-samples";
import { namedRemedy } from "../format/remedy";
import { ModelStore } from "./model-store";
import { editorSettings } from "./setting-names";
import { SumsStore } from "./sums-store";
import {
  aliveNotification,
  analyzeRequest,
  compareRequest,
  describeModelRequest,
  domainsRequest,
  downloadProgress,
  downloadRequest,
  estimateRequest,
  frequencyRequest,
  layerNotification,
  logNotification,
  type MatrixSums,
  type MatrixSumsParams,
  matrixSumsRequest,
  pairsRequest,
  patchingRequest,
  type DomainsParams,
  type PairsParams,
  type PatchingParams,
  pingRequest,
  progressNotification,
  type ProgressParams,
  type PromptSource,
  type PruneParams,
  pruneRequest,
  pruningChoicesRequest,
  releaseIdleRequest,
  type RunSettings,
  type ScoringErrorData,
  type TextSet,
} from "./protocol";

const ALIVE_MILLISECONDS = 5000;
/** A processor of the slowest kind; a run that is short even there needs no measurement to say so. */
const SLOWEST_FLOPS = 5e9;
const FLOPS_PER_PARAMETER_AND_TOKEN = 10;
const SHORT_SECONDS = 10;

/** As on the command line, where it can be chosen. */
const SEED = 0;

const errorCode = { user: 1, token: 2, cancelled: -32800, defect: -32603 } as const;

/** Answers the requests of one client over one connection, until it is disposed. */
export function serve(connection: MessageConnection): void {
  const models = new ModelStore();
  const sumsOfResults = new SumsStore();
  const dense = new DenseResults();

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
        const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
        void connection.sendNotification(logNotification, { message: stack });
      }
      throw new ResponseError(errorCode[data.kind], data.message, data);
    } finally {
      listener.dispose();
    }
  }

  connection.onRequest(analyzeRequest, (params, token) =>
    answer(token, (signal) =>
      withModel(params.settings, async (model) => {
        const { run, settings } = params;
        const set = samplesOf(params, model, settings);
        const request = { ...runOptions(model, settings, signal), set, threshold: settings.threshold };
        const { document, sums } = await follow(run, analyze(request));
        sumsOfResults.add(document, sums);
        return withSettings(document, model, settings);
      }),
    ),
  );

  connection.onRequest(frequencyRequest, (params, token) =>
    answer(token, (signal) =>
      withModel(params.settings, async (model) => {
        const { run, settings } = params;
        const set = samplesOf(params, model, settings);
        const threshold = { mode: "share", share: shareOf(settings) } as const;
        const request = { ...runOptions(model, settings, signal), set, threshold, frequency: true };
        const { frequency } = await follow(run, analyze(request));
        if (frequency === undefined) throw new Error("the run counted nothing");
        return withSettings(frequency, model, settings);
      }),
    ),
  );

  connection.onRequest(matrixSumsRequest, (params, token) =>
    answer(token, async (signal): Promise<MatrixSums | null> => {
      const { result, layer, matrix, settings } = params;
      if (settings && !sumsOfResults.has(result)) await runAgain(params, settings, signal);
      const found = sumsOfResults.find(result, layer, matrix);
      return found ? { rows: [...found.rows], columns: [...found.columns] } : null;
    }),
  );

  /** For the sums of a result that was made before, or by another process. */
  async function runAgain(
    { run, result }: MatrixSumsParams,
    settings: RunSettings,
    signal: AbortSignal,
  ): Promise<void> {
    await withModel({ ...settings, identity: result.model.hash }, async (model) => {
      const set = restoreSamples({ samples: [...result.samples], run: { windowsSkipped: 0, notes: [] } });
      const request = { ...runOptions(model, settings, signal), set, threshold: settings.threshold };
      const { document, sums } = await follow(run, analyze(request));
      sumsOfResults.add(document, sums);
    });
  }

  connection.onRequest(compareRequest, ({ run, a, b, settings }, token) =>
    answer(token, (signal) =>
      withModel(settings, async (model) => {
        const request = {
          ...runOptions(model, settings, signal),
          a: { name: a.name, set: samplesOf(a, model, settings) },
          b: { name: b.name, set: samplesOf(b, model, settings) },
          share: shareOf(settings),
          background: await unrelatedTexts(samplesFolder()),
        };
        const { document } = await follow(run, compare(request));
        return withSettings(document, model, settings);
      }),
    ),
  );

  connection.onRequest(pairsRequest, ({ run, settings, ...asked }, token) =>
    answer(token, (signal) =>
      withModel(settings, async (model) => {
        const { document } = await follow(run, pairs(pairsOf(asked, model, settings, signal)));
        return withSettings(document, model, settings);
      }),
    ),
  );

  connection.onRequest(domainsRequest, ({ run, settings, ...asked }, token) =>
    answer(token, (signal) =>
      withModel(settings, async (model) => {
        const { document } = await follow(run, domains(domainsOf(asked, model, settings, signal)));
        return withSettings(document, model, settings);
      }),
    ),
  );

  connection.onRequest(patchingRequest, ({ run, settings, ...asked }, token) =>
    answer(token, (signal) =>
      withModel(settings, async (model) => {
        const { document } = await follow(run, patching(patchingOf(asked, model, settings, signal)));
        return withSettings(document, model, settings);
      }),
    ),
  );

  connection.onRequest(pruneRequest, ({ run, settings, ...asked }, token) =>
    answer(token, (signal) =>
      withModel(settings, async (model) => {
        const { document } = await follow(run, prune({ ...pruningOf(asked, model, settings, signal), dense }));
        return withSettings(document, model, settings);
      }),
    ),
  );

  connection.onRequest(pruningChoicesRequest, ({ settings }, token) =>
    answer(token, () =>
      withModel(settings, (model) => Promise.resolve(pruningChoices({ model, memory: settings.memory }))),
    ),
  );

  connection.onRequest(estimateRequest, ({ settings, ...asked }, token) =>
    answer(token, (signal) =>
      withModel(settings, async (model) => {
        if ("patching" in asked) {
          const request = patchingOf(asked.patching, model, settings, signal);
          return isShort(patchingFlops(request)) ? null : await estimatePatching(request);
        }
        if ("pruning" in asked) {
          const { times } = asked;
          const request = { ...pruningOf(asked.pruning, model, settings, signal), dense };
          return isShort(pruningFlops(request, times)) ? null : await estimatePruning(request, times);
        }
        if ("pairs" in asked) {
          const request = pairsOf(asked.pairs, model, settings, signal);
          const sentences = new Set(request.pairs.flatMap(({ a, b }) => [a, b]));
          return areShort(model, [...sentences]) ? null : await estimatePairs(request);
        }
        if ("domains" in asked) {
          const request = domainsOf(asked.domains, model, settings, signal);
          const texts = request.domains.flatMap((domain) => domain.texts.map(({ text }) => text));
          return areShort(model, texts) ? null : await estimateDomains(request);
        }
        const { sets, frequency } = asked;
        const [first, ...others] = sets.map((set) => samplesOf(set, model, settings).samples);
        const samples = [...first, ...others.flat()];
        const tokens = samples.reduce((sum, { ids }) => sum + ids.length, 0);
        if (isShort(FLOPS_PER_PARAMETER_AND_TOKEN * model.parameters * tokens)) return null;
        const split = others.length > 0 ? first.length : undefined;
        const background = split === undefined ? undefined : await unrelatedTexts(samplesFolder());
        const run = { samples, split, background, frequency };
        return await estimate(runOptions(model, settings, signal), run);
      }),
    ),
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

/** So many texts, whatever their tokens are: a token has one byte at least. */
function areShort({ parameters }: Model, texts: readonly string[]): boolean {
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return isShort(FLOPS_PER_PARAMETER_AND_TOKEN * parameters * bytes);
}

function runOptions(model: Model, settings: RunSettings, signal: AbortSignal): RunOptions {
  return { ...machineOptions(settings), model, target: parseTarget(settings.target, model.tokenizer), signal };
}

/** What of the machine a run takes, and with what it computes. */
function machineOptions({
  memory,
  threads,
  runtime,
  provider,
  tensorflowFolder,
}: RunSettings): RuntimeWish & Pick<RunOptions, "memory"> {
  return { memory, threads, runtime, provider, tensorflowFolder };
}

function samplesOf(
  { texts, notes = [], firstWindows: onlyFirst = false, samples }: TextSet,
  model: Model,
  settings: RunSettings,
): SampleSet {
  if (samples) return restoreSamples({ samples: [...samples], run: { windowsSkipped: 0, notes: [...notes] } });
  const { window, maxSamples, chat } = settings;
  if (onlyFirst) {
    const { samples, cut } = firstWindows(texts, model.tokenizer, { window, context: model.context, chat });
    return { samples, windowsSkipped: cut, notes: [...notes] };
  }
  const set = formSamples(texts, model.tokenizer, { window, maxSamples, context: model.context, chat });
  return { ...set, notes: [...notes, ...set.notes] };
}

function pairsOf(
  asked: Omit<PairsParams, "run" | "settings">,
  model: Model,
  settings: RunSettings,
  signal: AbortSignal,
): PairsRequest {
  const { window } = settings;
  return {
    ...runOptions(model, settings, signal),
    ...asked,
    window,
    contrast: true,
    ...resumeOf(settings),
    seed: SEED,
  };
}

function domainsOf(
  asked: Omit<DomainsParams, "run" | "settings">,
  model: Model,
  settings: RunSettings,
  signal: AbortSignal,
): DomainsRequest {
  return {
    ...runOptions(model, settings, signal),
    ...asked,
    maxTexts: settings.maxSamples,
    window: settings.window,
    share: shareOf(settings),
    contrast: true,
    ...resumeOf(settings),
    seed: SEED,
  };
}

function patchingOf(
  { a, b, site, answers }: Omit<PatchingParams, "run" | "settings">,
  model: Model,
  settings: RunSettings,
  signal: AbortSignal,
): PatchingRequest {
  const { chat } = settings;
  return { ...machineOptions(settings), model, a: promptOf(a), b: promptOf(b), site, answers, chat, signal };
}

function pruningOf(
  { calibration: { texts, notes, samples }, ...asked }: Omit<PruneParams, "run" | "settings">,
  model: Model,
  settings: RunSettings,
  signal: AbortSignal,
): PruneRequest {
  const calibration = samples?.map(restoreSample) ?? texts;
  return { ...runOptions(model, settings, signal), ...asked, calibration, window: settings.window, notes };
}

function promptOf({ source, text, tokens }: PromptSource): Text | Sample {
  return tokens ? restoreSample({ source, text, offset: 0, tokens }) : { source, text };
}

function resumeOf({ resumeFolder: folder }: RunSettings): { resume?: ResumePlace } {
  return folder === undefined ? {} : { resume: { folder } };
}

function shareOf({ threshold }: RunSettings): number {
  if (threshold.mode === "share") return threshold.share;
  throw new ParamscopeError(
    "Here a threshold is the strongest share of each matrix, not an absolute activation",
    "Set the threshold to a share, such as 10%.",
  );
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
