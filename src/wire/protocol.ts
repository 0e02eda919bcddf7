import { NotificationType, NotificationType0, ProgressType, RequestType, RequestType0 } from "vscode-jsonrpc";

import type { Estimate, LayerDone, OtherTexts, PruningChoices, RunPhase, StructureChoice } from "../engine/api";
import type { Region } from "../engine/document/matrix-image";
import type { SettingName } from "../engine/errors";
import type { NextTokens } from "../engine/run/next-token";
import type { ExecutionProvider, RuntimeName } from "../engine/runtime/runtime";
import type { MatrixImage, SampleDescription } from "../engine/document/document";
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
  /** The settings that the remedy speaks of. */
  readonly settings?: readonly SettingName[];
}

export type TypicalText = "automatic" | "always" | "never";

export interface RunSettings {
  /** Path of a model's folder or file. */
  readonly model: string;
  /** The identity of the model that an earlier result was made with: another one, at the same path, is refused. */
  readonly identity?: string;
  /** As on the command line: `spread`, `max-logit`, `loss`, `next-token:3`, `logit: Paris`. */
  readonly target: string;
  readonly threshold:
    { readonly mode: "share"; readonly share: number } | { readonly mode: "absolute"; readonly tau: number };
  readonly window: number;
  readonly maxSamples: number;
  readonly chat: boolean;
  /** Whether texts are held against typical ones: by itself where that is known or takes little, however long it takes, or never. */
  readonly typicalText?: TypicalText;
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

/** Names a kind of runs on the wire, with the types of what it is asked for and of its result. */
export interface RunName<Asked, Document> {
  /** That of its documents: `paramscope.analysis`. */
  readonly format: string;
  /** Never there: it holds the types. */
  result?(asked: Asked): Document;
}

/** What a run or its estimate is asked for with; `src/scoring/runs` has what becomes of it. */
export interface RunParams {
  /** Chosen by the client; notifications carry it. */
  readonly run: number;
  /** The format of the result. */
  readonly kind: string;
  /** What that kind takes: see src/kinds. */
  readonly asked: unknown;
  readonly settings: RunSettings;
}

export interface EstimateParams extends Omit<RunParams, "run"> {
  /** How often it is to be run, with what the first of it comes to know. */
  readonly times?: number;
}

export interface NextTokensParams {
  /** Chosen by the client; progress carries it. */
  readonly run: number;
  readonly text: { readonly source: string; readonly text: string };
  /** Also how little so many of the last tokens were expected. */
  readonly losses?: number;
  readonly settings: RunSettings;
}

export interface ProgressParams {
  readonly run: number;
  readonly phase: RunPhase;
  /** What is run where it is not the texts of the request: those that a model's yardstick is measured with, once. */
  readonly of?: OtherTexts;
  readonly done: number;
  readonly layers: number;
  readonly share: number;
  readonly secondsLeft?: number;
}

export interface LayerParams extends LayerDone {
  readonly run: number;
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
  readonly result: SumsOf;
  readonly layer: number;
  /** `self_attn.q_proj` */
  readonly matrix: string;
}

/** Sums of a matrix's activations along every row and every column. */
export interface MatrixSums {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

export interface MatrixRegionParams extends MatrixSumsParams {
  readonly region: Region;
}

/** A part of a matrix's activations as a picture; `max` is the largest of the whole matrix. */
export interface MatrixRegion {
  readonly region: Region;
  readonly max: number;
  readonly image: MatrixImage;
}

export interface DownloadParams {
  /** Chosen by the client; its progress carries it. */
  readonly run: number;
  /** `owner/name` or `owner/name:file.gguf`. */
  readonly id: string;
  /** The models folder. */
  readonly folder: string;
  /** The address of the Hugging Face Hub; where the token goes, and nowhere else. */
  readonly endpoint: string;
  readonly token?: string;
  /** Variables such as `HTTPS_PROXY`, over those of the process. */
  readonly proxies: Readonly<Record<string, string>>;
}

/** One run, of whichever kind; its document. */
export const runRequest = new RequestType<RunParams, unknown, ScoringErrorData>("run");
/** What a run would take; null: it is short for certain, and the machine was not measured to say so. */
export const estimateRequest = new RequestType<EstimateParams, Estimate | null, ScoringErrorData>("estimate");
export const pruningChoicesRequest = new RequestType<{ settings: RunSettings }, PruningChoices, ScoringErrorData>(
  "pruningChoices",
);
/** What can be taken out of a model wholly. */
export const shrinkChoicesRequest = new RequestType<{ settings: RunSettings }, StructureChoice[], ScoringErrorData>(
  "shrinkChoices",
);
/** What the model expects behind a text. */
export const nextTokensRequest = new RequestType<NextTokensParams, NextTokens, ScoringErrorData>("nextTokens");
/** The sums of a matrix of one of the results that this process made last; null: they are not held, or have no such matrix. */
export const matrixSumsRequest = new RequestType<MatrixSumsParams, MatrixSums | null, ScoringErrorData>("matrixSums");
/** A part of the matrix whose activations were kept last; null: they are another's, or none are. */
export const matrixRegionRequest = new RequestType<MatrixRegionParams, MatrixRegion | null, ScoringErrorData>(
  "matrixRegion",
);
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
