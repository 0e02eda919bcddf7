import type { SampleDescription } from "../../src/engine/document/document";
import { quoted } from "../../src/format/model-words";
import { formatCardinal, formatShare } from "../../src/format/numbers";
import { tokenSpans, type TokenSpan } from "../../src/format/token-spans";

/** The tokens that count most, and how much of all saliency they hold. */
export function textFinding(sample: SampleDescription): string {
  const spans = tokenSpans(sample).filter((part): part is TokenSpan => typeof part !== "string");
  const counted = sample.tokens.filter(({ start }) => start >= 0);
  const total = counted.reduce((sum, { saliency }) => sum + Math.abs(saliency ?? 0), 0);
  if (total === 0) return "";
  const sorted = [...spans].sort((a, b) => Math.abs(b.saliency) - Math.abs(a.saliency));
  const first = sorted.slice(0, 3);
  const held = first.reduce((sum, { saliency }) => sum + Math.abs(saliency), 0);
  const named = first.map(({ text }) => quoted(text));
  const list = named.length > 1 ? `${named.slice(0, -1).join(", ")} and ${named[named.length - 1]}` : named[0];
  return `${list} ${first.length > 1 ? "hold" : "holds"} ${formatShare(held / total)} of the saliency of ${formatCardinal(counted.length)} tokens.`;
}
