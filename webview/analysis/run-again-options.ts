import type { AnalysisDocument } from "../../src/engine/document/document";
import type { RunAgainOptions } from "../../src/pages/analysis";
import { parseShare, parseTau } from "./threshold-text";

export type TargetKind = "spread" | "max-logit" | "answer" | "next-token" | "loss" | "logit";

const targetKinds: readonly TargetKind[] = ["spread", "max-logit", "answer", "next-token", "loss", "logit"];

/** `next-token:3` is of the kind `next-token` with the detail `3`. */
export function splitTarget(target: string): { kind: TargetKind; detail: string } {
  const colon = target.indexOf(":");
  const kind = colon < 0 ? target : target.slice(0, colon);
  const detail = colon < 0 ? "" : target.slice(colon + 1);
  return { kind: targetKinds.find((known) => known === kind) ?? "spread", detail };
}

interface Written {
  readonly kind: TargetKind;
  readonly detail: string;
  readonly threshold: string;
  readonly window: string;
  readonly chat: boolean;
}

/** What a document's run was asked with: another with these is the same again. */
export function optionsOfRun({
  target,
  threshold: { mode, share, tau },
  run,
}: Pick<AnalysisDocument, "target" | "threshold" | "run">): RunAgainOptions {
  const threshold = mode === "share" ? { mode, share } : { mode, tau };
  return { target, threshold, window: run.window ?? DEFAULT_WINDOW, chat: run.chat ?? false };
}

/** In documents of earlier versions it does not stand. */
const DEFAULT_WINDOW = 512;

/** What the form says, or what is wrong with it. */
export function parseRunAgain({
  kind,
  detail,
  threshold: thresholdText,
  window: windowText,
  chat,
}: Written): { options: RunAgainOptions; problem?: undefined } | { options?: undefined; problem: string } {
  if (kind === "next-token" && !/^[1-9]\d*$/.test(detail.trim()))
    return { problem: "The number of a token is a whole number from 1." };
  if (kind === "logit" && detail.trim() === "") return { problem: "Name the token whose logit is to be explained." };
  const share = thresholdText.includes("%") ? parseShare(thresholdText) : undefined;
  const tau = thresholdText.includes("%") ? undefined : parseTau(thresholdText);
  if (share === undefined && tau === undefined)
    return { problem: "A threshold is a share such as 10 %, or an activation such as 3e-7." };
  const window = Number(windowText.trim());
  if (!Number.isInteger(window) || window < 2) return { problem: "A window is a whole number of tokens, 2 or more." };
  const target = targetOf(kind, detail);
  const threshold =
    share !== undefined ? { mode: "share" as const, share } : { mode: "absolute" as const, tau: tau ?? 0 };
  return { options: { target, threshold, window, chat } };
}

/** As on the command line. */
function targetOf(kind: TargetKind, detail: string): string {
  if (kind === "next-token") return `next-token:${detail.trim()}`;
  if (kind === "logit") return `logit:${detail}`;
  return kind === "answer" && detail !== "" ? `answer:${detail}` : kind;
}
