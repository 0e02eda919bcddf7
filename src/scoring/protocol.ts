import { NotificationType, NotificationType0, RequestType, RequestType0 } from "vscode-jsonrpc";

import type { Estimate } from "../engine/api";
import type { AnalysisDocument, ComparisonDocument, SampleDescription } from "../engine/document/document";

/*
 * The whole conversation between the extension and the scoring process, over vscode-jsonrpc. A request is cancelled with the
 * library's cancellation token; its progress comes as notifications that carry the request's `run`.
 */

/** What the user is told when a request fails: data, not a stack. */
export interface ScoringErrorData {
  readonly kind: "user" | "cancelled" | "defect";
  readonly message: string;
  readonly remedy?: string;
}

/** A text as the editor has it, saved or not. */
export interface TextSource {
  readonly source: string;
  readonly text: string;
}

export interface RunSettings {
  /** Path of a model's folder or file. */
  readonly model: string;
  /** As on the command line: `max-logit`, `loss`, `next-token:3`, `logit: Paris`. */
  readonly target: string;
  readonly threshold:
    { readonly mode: "share"; readonly share: number } | { readonly mode: "absolute"; readonly tau: number };
  readonly window: number;
  readonly maxSamples: number;
  readonly chat: boolean;
  readonly threads?: number;
  /** Bytes. */
  readonly memory?: number;
}

/** What is run as one set. */
export interface TextSet {
  readonly texts: readonly TextSource[];
  /** What was left out when the texts were read; they come first in the document's notes. */
  readonly notes?: readonly string[];
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

export interface EstimateParams {
  /** One set to analyse, or the two to compare. */
  readonly sets: readonly TextSet[];
  readonly settings: RunSettings;
}

export interface ProgressParams {
  readonly run: number;
  readonly phase: "forward" | "head" | "backward";
  readonly done: number;
  readonly layers: number;
  readonly share: number;
  readonly secondsLeft?: number;
}

/** A layer is final, deepest first. */
export interface LayerParams {
  readonly run: number;
  readonly layer: number;
  readonly layers: number;
  readonly parameters: number;
  readonly meanActivation?: number;
  readonly similarity?: number;
  readonly overlap?: number;
}

export interface ModelDescription {
  readonly name: string;
  readonly architecture: string;
  readonly layers: number;
  readonly parameters: number;
  readonly context: number;
  readonly chatTemplate: boolean;
}

export const analyzeRequest = new RequestType<AnalyzeParams, AnalysisDocument, ScoringErrorData>("analyze");
export const compareRequest = new RequestType<CompareParams, ComparisonDocument, ScoringErrorData>("compare");
/** null: it is short for certain, and the machine was not measured to say so. */
export const estimateRequest = new RequestType<EstimateParams, Estimate | null, ScoringErrorData>("estimate");
export const describeModelRequest = new RequestType<{ path: string }, ModelDescription, ScoringErrorData>(
  "describeModel",
);
/** Lets go of models that have not been used for that long; how many are still open. */
export const releaseIdleRequest = new RequestType<{ idleSeconds: number }, { open: number }, ScoringErrorData>(
  "releaseIdle",
);
export const pingRequest = new RequestType0<{ rss: number }, ScoringErrorData>("ping");

export const progressNotification = new NotificationType<ProgressParams>("progress");
export const layerNotification = new NotificationType<LayerParams>("layer");
/** The process lives: sent every few seconds between two runtime calls. */
export const aliveNotification = new NotificationType0("alive");
export const logNotification = new NotificationType<{ message: string }>("log");
