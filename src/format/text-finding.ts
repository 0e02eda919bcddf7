import type { SampleDescription } from "../engine/document/document";
import { listed, printsMore } from "./claims";
import { quoted, targetInWords } from "./model-words";
import { formatCardinal, formatShare } from "./numbers";
import { tokenSpans, type TokenSpan } from "./token-spans";

/** Tokens that are named. */
const NAMED = 3;

/** What the tint of a text says, by the target. */
export function textNote(target: string): string {
  return `which tokens count for ${targetInWords(target)}`;
}

/** The tokens that count most, and how much of all saliency they hold: where that is more than as many of all would. */
export function textFinding(sample: SampleDescription): string {
  const spans = tokenSpans(sample).filter((part): part is TokenSpan => typeof part !== "string");
  const counted = sample.tokens.filter(({ start }) => start >= 0);
  const total = counted.reduce((sum, { saliency }) => sum + Math.abs(saliency ?? 0), 0);
  if (total === 0) return "";
  const all = `${formatCardinal(counted.length)} ${counted.length === 1 ? "token" : "tokens"}`;
  const sorted = [...spans].sort((a, b) => Math.abs(b.saliency) - Math.abs(a.saliency));
  // of two or three tokens all of them would be named, and hold all of it
  const first = sorted.slice(0, Math.max(1, Math.min(NAMED, counted.length - 1)));
  const held = first.reduce((sum, { saliency }) => sum + Math.abs(saliency), 0) / total;
  if (!printsMore(formatShare, held, first.length / counted.length))
    return counted.length === 1 ? "" : `No token stands out: the saliency is spread over all of ${all} alike.`;
  const times = new Map<string, number>();
  for (const { text } of first) times.set(text, (times.get(text) ?? 0) + 1);
  const named = [...times].map(
    ([text, count]) => `${quoted(text)}${count > 1 ? ` (${formatCardinal(count)} times)` : ""}`,
  );
  return `${listed(named)} ${first.length > 1 ? "hold" : "holds"} ${formatShare(held)} of the saliency of ${all}.`;
}
