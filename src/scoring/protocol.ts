import { NotificationType, RequestType, RequestType0 } from "vscode-jsonrpc";

import type { Estimate } from "../engine/api";
import type { AnalysisDocument, ComparisonDocument } from "../engine/document/document";

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

export interface AnalyzeParams {
  /** Chosen by the client; progress notifications carry it. */
  readonly run: number;
  readonly texts: readonly TextSource[];
  readonly settings: RunSettings;
}

export interface CompareParams {
  readonly run: number;
  readonly a: { readonly name: string; readonly texts: readonly TextSource[] };
  readonly b: { readonly name: string; readonly texts: readonly TextSource[] };
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

/** A full-size profile of a matrix is part of no document: it is asked for. */
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
export const estimateRequest = new RequestType<AnalyzeParams, Estimate, ScoringErrorData>("estimate");
export const describeModelRequest = new RequestType<{ path: string }, ModelDescription, ScoringErrorData>(
  "describeModel",
);
/** Lets go of models that have not been used for that long. */
export const releaseIdleRequest = new RequestType<{ idleSeconds: number }, void, ScoringErrorData>("releaseIdle");
export const pingRequest = new RequestType0<{ rss: number }, ScoringErrorData>("ping");

export const progressNotification = new NotificationType<ProgressParams>("progress");
export const layerNotification = new NotificationType<LayerParams>("layer");
export const logNotification = new NotificationType<{ message: string }>("log");
