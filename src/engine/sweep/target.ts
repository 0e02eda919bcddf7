import { ParamscopeError } from "../errors";
import type { Tokenizer } from "../model/tokenizer/tokenizer";

/**
 * What `y` is: see the methods of `Head` for the formulas. `position` counts from 1: log p(x_{t+1} | x_1..x_t). `answer` is
 * a text behind the sample; undefined: what the model goes on with.
 */
export type Target =
  | { readonly kind: "spread" }
  | { readonly kind: "max-logit" }
  | AnswerTarget
  | { readonly kind: "loss" }
  | { readonly kind: "next-token"; readonly position: number }
  | LogitTarget;

/** The log-likelihood of an answer's tokens behind a sample's text. */
export interface AnswerTarget {
  readonly kind: "answer";
  readonly text?: string;
}

/** The logit of a token, less that of another where there is one; both are vocabulary ids. */
export interface LogitTarget {
  readonly kind: "logit";
  readonly token: number;
  readonly minus?: number;
}

/** How targets are written, for people who wrote another. */
export const TARGETS =
  "spread, max-logit, answer, answer:TEXT, loss, next-token:T (T from 1 on), logit:TOKEN or logit:A-B";

/**
 * `spread`, `max-logit`, `answer`, `answer:TEXT`, `loss`, `next-token:t`, `logit:TOKEN`, `logit:A-B`. A token is a text that is exactly one token of the model,
 * ` Paris`, or an id, `#1234`.
 * @throws ParamscopeError on any other text.
 */
export function parseTarget(text: string, tokenizer: Tokenizer): Target {
  if (text === "spread" || text === "max-logit" || text === "loss" || text === "answer") return { kind: text };
  if (text.startsWith("answer:") && text.length > "answer:".length)
    return { kind: "answer", text: text.slice("answer:".length) };
  const position = /^next-token:(\d+)$/.exec(text)?.[1];
  if (position !== undefined && Number(position) >= 1) return { kind: "next-token", position: Number(position) };
  if (text.startsWith("logit:") && text.length > "logit:".length)
    return logitTarget(text.slice("logit:".length), tokenizer);
  throw new ParamscopeError(`There is no target '${text}'.`, `Targets are ${TARGETS}.`);
}

function logitTarget(text: string, tokenizer: Tokenizer): Target {
  const target = logitTargetOf(text, tokenizer);
  if (target !== undefined) return target;
  throw new ParamscopeError(
    `'${text}' is not one token of this model, nor the difference of two.`,
    "Most words are a token with the space in front, as in 'logit: Paris'; an id is written '#1234'.",
  );
}

function logitTargetOf(text: string, tokenizer: Tokenizer): LogitTarget | undefined {
  const whole = tokenNamed(text, tokenizer);
  if (whole !== undefined) return { kind: "logit", token: whole };
  for (let at = text.indexOf("-", 1); at > 0 && at < text.length - 1; at = text.indexOf("-", at + 1)) {
    const token = tokenNamed(text.slice(0, at), tokenizer);
    const minus = tokenNamed(text.slice(at + 1), tokenizer);
    if (token !== undefined && minus !== undefined) return { kind: "logit", token, minus };
  }
  return undefined;
}

/** The id of a text that is exactly one token of the model, or of `#1234`; undefined: it is none. */
export function tokenNamed(text: string, tokenizer: Tokenizer): number | undefined {
  const id = /^#(\d+)$/.exec(text)?.[1];
  if (id !== undefined) return Number(id) < tokenizer.vocabularySize ? Number(id) : undefined;
  const { ids } = tokenizer.encode(text, { special: false });
  return ids.length === 1 ? ids[0] : undefined;
}

/** How a target is written; the reverse of `parseTarget`. Tokens whose texts would be read otherwise are written as ids. */
export function targetName(target: Target, tokenizer: Tokenizer): string {
  switch (target.kind) {
    case "next-token":
      return `next-token:${target.position}`;
    case "logit":
      return `logit:${logitName(target, tokenizer)}`;
    case "answer":
      return target.text === undefined ? "answer" : `answer:${target.text}`;
    default:
      return target.kind;
  }
}

function logitName({ token, minus }: LogitTarget, tokenizer: Tokenizer): string {
  const name = (id: number): string => {
    const text = tokenizer.tokenText(id);
    return tokenNamed(text, tokenizer) === id ? text : `#${id}`;
  };
  if (minus === undefined) return name(token);
  const text = `${name(token)}-${name(minus)}`;
  const read = logitTargetOf(text, tokenizer);
  return read?.token === token && read.minus === minus ? text : `#${token}-#${minus}`;
}

/** How many of a sample's ids the target reads: what comes after them cannot matter. */
export function targetLength(ids: number, target: Target): number {
  return target.kind === "next-token" ? target.position : ids;
}

/** Whether the target is of the likelihood of several tokens, each predicted at a position of its own. */
export function readsManyPositions({ kind }: Target): boolean {
  return kind === "loss" || kind === "answer";
}

/** The fewest ids of a sample that a target can be asked of. */
export function fewestIds(target: Target): number {
  if (target.kind === "loss") return 2;
  return target.kind === "next-token" ? target.position + 1 : 1;
}
