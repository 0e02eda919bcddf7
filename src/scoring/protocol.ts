import { NotificationType, NotificationType0, ProgressType, RequestType, RequestType0 } from "vscode-jsonrpc";

import type {
  Estimate,
  PatchingSite,
  PruneRequest,
  PruningChoices,
  RunOptions,
  RunPhase,
  SentencePair,
} from "../engine/api";
import type { SettingName } from "../engine/errors";
import type { ExecutionProvider, RuntimeName } from "../engine/runtime/runtime";
import type {
  AnalysisDocument,
  ComparisonDocument,
  DomainsDocument,
  FrequencyDocument,
  PairsDocument,
  PatchedPrompt,
  PatchingDocument,
  PruningDocument,
  SampleDescription,
} from "../engine/document/document";
import type { DownloadedModel } from "../engine/model/hub/download";
import type { DownloadProgress } from "../engine/model/hub/progress";

/*
 * The whole conversation between the extension and the scoring process, over vscode-jsonrpc. A request is cancelled with the
 * library's cancellation token; its progress comes as notifications that carry the request's `run`.
 */

/** What the user is told when a request fails: data, not a stack. */
export interface ScoringErrorData {
  /** `token`: the user can mend it with another Hugging Face token, or with one at all. */
  readonly kind: "user" | "token" | "cancelled" | "defect";
  readonly message: string;
  readonly remedy?: string;
  /** Those that the remedy speaks of. */
  readonly settings?: readonly SettingName[];
}

/** A text as the editor has it, saved or not. */
export interface TextSource {
  readonly source: string;
  readonly text: string;
}

export interface RunSettings {
  /** Path of a model's folder or file. */
  readonly model: string;
  /** Of the model that an earlier result was made with: another one, at the same path, is refused. */
  readonly identity?: string;
  /** As on the command line: `max-logit`, `loss`, `next-token:3`, `logit: Paris`. */
  readonly target: string;
  readonly threshold:
    { readonly mode: "share"; readonly share: number } | { readonly mode: "absolute"; readonly tau: number };
  readonly window: number;
  readonly maxSamples: number;
  readonly chat: boolean;
  readonly threads?: number;
  readonly runtime?: RuntimeName;
  readonly provider?: ExecutionProvider;
  /** In which tfjs-node is installed. */
  readonly tensorflowFolder?: string;
  /** Bytes. */
  readonly memory?: number;
  /** A folder in which long runs of pairs and of domains keep how far they are: the same run goes on from there. */
  readonly resumeFolder?: string;
}

/** What is run as one set. */
export interface TextSet {
  readonly texts: readonly TextSource[];
  /** What was left out when the texts were read; they come first in the document's notes. */
  readonly notes?: readonly string[];
  /** Of each text only the first window, as prunings from the command line are calibrated. */
  readonly firstWindows?: boolean;
  /** Samples of an earlier document, taken id for id as they are, in the place of `texts`. */
  readonly samples?: readonly SampleDescription[];
}

export interface AnalyzeParams extends TextSet {
  /** Chosen by the client; progress notifications carry it. */
  readonly run: number;
  readonly settings: RunSettings;
}

export interface NamedSet extends TextSet {
  readonly name: string;
}

export interface CompareParams {
  readonly run: number;
  readonly a: NamedSet;
  readonly b: NamedSet;
  readonly settings: RunSettings;
}

export interface PairsParams {
  readonly run: number;
  readonly pairs: readonly SentencePair[];
  /** How the user knows where they come from. */
  readonly source: string;
  /** What stands around each sentence, with `{text}` in its place. */
  readonly template?: string;
  /** What was left out before. */
  readonly notes: readonly string[];
  readonly settings: RunSettings;
}

/** A folder of texts, under its name. */
export interface DomainTexts {
  readonly name: string;
  readonly texts: readonly TextSource[];
}

export interface DomainsParams {
  readonly run: number;
  /** Of each the most texts is `settings.maxSamples`. */
  readonly domains: readonly DomainTexts[];
  /** What was left out before. */
  readonly notes: readonly string[];
  readonly settings: RunSettings;
}

/** A prompt; of an earlier result with its tokens, taken id for id in the place of its text. */
export interface PromptSource extends TextSource {
  readonly tokens?: PatchedPrompt["tokens"];
}

export interface PatchingParams {
  readonly run: number;
  readonly a: PromptSource;
  readonly b: PromptSource;
  readonly site: PatchingSite;
  /** Of A and of B, each the text of one token; undefined: the likeliest next tokens. */
  readonly answers?: readonly [string, string];
  readonly settings: RunSettings;
}

export interface PruneParams extends Omit<
  PruneRequest,
  keyof RunOptions | "calibration" | "window" | "notes" | "dense"
> {
  readonly run: number;
  /** Of each text the first window is taken; samples of an analysis as they are. */
  readonly calibration: TextSet;
  readonly settings: RunSettings;
}

/** One set to analyse or to count in, or the two to compare; pairs, domains, what is to be patched, or to be pruned so many times. */
export type EstimateParams = { readonly settings: RunSettings } & (
  | { readonly sets: readonly TextSet[]; readonly frequency?: boolean }
  | { readonly pairs: Omit<PairsParams, "run" | "settings"> }
  | { readonly domains: Omit<DomainsParams, "run" | "settings"> }
  | { readonly patching: Omit<PatchingParams, "run" | "settings"> }
  | { readonly pruning: Omit<PruneParams, "run" | "settings">; readonly times: number }
);

export interface ProgressParams {
  readonly run: number;
  readonly phase: RunPhase;
  /** What is run where it is not the texts of the request: those that a model's yardstick is measured with, once. */
  readonly of?: "unrelated texts";
  readonly done: number;
  readonly layers: number;
  readonly share: number;
  readonly secondsLeft?: number;
}

/** A layer is final, deepest first; of pruning, shallowest first. */
export interface LayerParams {
  readonly run: number;
  readonly layer: number;
  readonly layers: number;
  readonly parameters: number;
  readonly meanActivation?: number;
  readonly similarity?: number;
  readonly overlap?: number;
  /** Of domains: mean similarity of two texts of one domain, and of two. */
  readonly within?: number;
  readonly across?: number;
  /** Of pairs: rho of the layer's similarity and the human scores. */
  readonly spearman?: number;
  /** Of pruning: the share of the layer's parameters that is 0. */
  readonly sparsity?: number;
}

export interface ModelDescription {
  readonly name: string;
  readonly architecture: string;
  readonly layers: number;
  readonly parameters: number;
  readonly context: number;
  readonly chatTemplate: boolean;
}

/** What of a result decides its sums: by it they are found again, whichever file or panel the result is in. */
export interface SumsOf {
  readonly model: { readonly hash: string };
  readonly target: string;
  readonly samples: readonly SampleDescription[];
}

export interface MatrixSumsParams {
  readonly run: number;
  readonly result: SumsOf;
  readonly layer: number;
  /** `self_attn.q_proj` */
  readonly matrix: string;
  /** How to run the samples again where the sums are not held any more; without it they are then null. */
  readonly settings?: RunSettings;
}

/** Sums of a matrix's activations along every row and every column. */
export interface MatrixSums {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

export interface DownloadParams {
  /** Chosen by the client; its progress carries it. */
  readonly run: number;
  /** `owner/name` or `owner/name:file.gguf`. */
  readonly id: string;
  /** The models folder. */
  readonly folder: string;
  /** Of the Hugging Face Hub; where the token goes, and nowhere else. */
  readonly endpoint: string;
  readonly token?: string;
  /** Variables such as `HTTPS_PROXY`, over those of the process. */
  readonly proxies: Readonly<Record<string, string>>;
}

export const analyzeRequest = new RequestType<AnalyzeParams, AnalysisDocument, ScoringErrorData>("analyze");
/** In how many of the samples the weights are among the strongest of their matrix. */
export const frequencyRequest = new RequestType<AnalyzeParams, FrequencyDocument, ScoringErrorData>("frequency");
export const compareRequest = new RequestType<CompareParams, ComparisonDocument, ScoringErrorData>("compare");
export const pairsRequest = new RequestType<PairsParams, PairsDocument, ScoringErrorData>("pairs");
export const domainsRequest = new RequestType<DomainsParams, DomainsDocument, ScoringErrorData>("domains");
export const patchingRequest = new RequestType<PatchingParams, PatchingDocument, ScoringErrorData>("patching");
export const pruneRequest = new RequestType<PruneParams, PruningDocument, ScoringErrorData>("prune");
export const pruningChoicesRequest = new RequestType<{ settings: RunSettings }, PruningChoices, ScoringErrorData>(
  "pruningChoices",
);
/** null: it is short for certain, and the machine was not measured to say so. */
export const estimateRequest = new RequestType<EstimateParams, Estimate | null, ScoringErrorData>("estimate");
export const matrixSumsRequest = new RequestType<MatrixSumsParams, MatrixSums | null, ScoringErrorData>("matrixSums");
export const describeModelRequest = new RequestType<{ path: string }, ModelDescription, ScoringErrorData>(
  "describeModel",
);
/** Lets go of models that have not been used for that long; how many are still open. */
export const releaseIdleRequest = new RequestType<{ idleSeconds: number }, { open: number }, ScoringErrorData>(
  "releaseIdle",
);
export const downloadRequest = new RequestType<DownloadParams, DownloadedModel, ScoringErrorData>("download");
export const pingRequest = new RequestType0<{ rss: number }, ScoringErrorData>("ping");

export const progressNotification = new NotificationType<ProgressParams>("progress");
/** Under the request's `run`. */
export const downloadProgress = new ProgressType<DownloadProgress>();
export const layerNotification = new NotificationType<LayerParams>("layer");
/** The process lives: sent every few seconds between two runtime calls. */
export const aliveNotification = new NotificationType0("alive");
export const logNotification = new NotificationType<{ message: string }>("log");
