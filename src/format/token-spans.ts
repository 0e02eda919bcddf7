import type { SampleDescription } from "../engine/document/document";

/** A stretch of a sample's text, and the token that it belongs to: the strongest, where several share a character. */
export interface TokenSpan {
  readonly text: string;
  /** Where it begins in the sample's text. */
  readonly from: number;
  /** Index into the sample's tokens. */
  readonly token: number;
  readonly saliency: number;
}

/**
 * The text of a sample in order: strings that no token covers, and spans. Characters that several tokens share (a letter
 * of more than one byte) are one span.
 */
export function tokenSpans({ text, tokens }: Pick<SampleDescription, "text" | "tokens">): (string | TokenSpan)[] {
  const found: { from: number; to: number; token: number; saliency: number }[] = [];
  let end = 0;
  for (const [token, { start, end: tokenEnd, saliency }] of tokens.entries()) {
    if (start < 0 || saliency === null) continue;
    const last = found.at(-1);
    if (last && tokenEnd <= end) {
      if (Math.abs(saliency) > Math.abs(last.saliency)) Object.assign(last, { token, saliency });
      continue;
    }
    found.push({ from: Math.max(start, end), to: tokenEnd, token, saliency });
    end = tokenEnd;
  }

  const parts: (string | TokenSpan)[] = [];
  let position = 0;
  for (const { from, to, token, saliency } of found) {
    if (from > position) parts.push(text.slice(position, from));
    parts.push({ text: text.slice(from, to), from, token, saliency });
    position = to;
  }
  if (position < text.length) parts.push(text.slice(position));
  return parts;
}

/** The token of the text that the target predicts; undefined where it is not one of them. */
export function explainedToken(target: string): number | undefined {
  const [, position] = /^next-token:(\d+)$/.exec(target) ?? [];
  return position === undefined ? undefined : Number(position);
}

/** The largest size of saliency among a sample's tokens that stand in its text. */
export function strongestSaliency({ tokens }: Pick<SampleDescription, "tokens">): number {
  return tokens.reduce((max, { start, saliency }) => (start < 0 ? max : Math.max(max, Math.abs(saliency ?? 0))), 0);
}

/** How strongly a token is tinted, 0..1: by the square root, since a few tokens are far ahead of the rest. */
export function tintStrength(saliency: number, strongest: number): number {
  return strongest > 0 ? Math.sqrt(Math.abs(saliency) / strongest) : 0;
}
