import type { PositionsDescription, SampleDescription } from "../engine/document/document";
import { elementAt } from "../engine/numbers/elements";
import { printsMore } from "./claims";
import { quoted } from "./model-words";
import { formatCount, formatFixed, formatShare } from "./numbers";

/** Likely tokens that are named. */
const NAMED = 3;

/** A loss in nats: `2.31`. */
export const formatLoss = (loss: number): string => formatFixed(loss, 2);

/** `Up to token 12, " river": " bank" 31 %, " bed" 9 % and " was" 4 % are likeliest next. " bed" follows, with a loss of 2.41.` */
export function positionInWords(
  { tokens }: SampleDescription,
  { first, at }: PositionsDescription,
  position: number,
): string {
  const token = first + position;
  const { loss, next } = elementAt(at, position);
  const likely = next.slice(0, NAMED).map(({ text, probability }) => `${quoted(text)} ${formatShare(probability)}`);
  const follows = tokens.at(token + 1);
  const behind =
    loss === null || follows === undefined
      ? "Nothing follows."
      : `${quoted(follows.text)} follows, with a loss of ${formatLoss(loss)}.`;
  return `Up to token ${formatCount(token)}, ${quoted(elementAt(tokens, token).text)}: likeliest next ${likely.join(", ")}. ${behind}`;
}

/** Which token is expected least, where its loss prints as more than every other; nothing where fewer than two have one. */
export function positionsFinding({ tokens }: SampleDescription, { first, at }: PositionsDescription): string {
  const losses = at.flatMap(({ loss }, i) => (loss === null ? [] : [{ loss, token: first + i + 1 }]));
  const [most, second] = losses.toSorted((a, b) => b.loss - a.loss);
  if (most === undefined || second === undefined || !printsMore(formatLoss, most.loss, second.loss)) return "";
  const mean = losses.reduce((sum, { loss }) => sum + loss, 0) / losses.length;
  const { text } = elementAt(tokens, most.token);
  return `${quoted(text)}, token ${formatCount(most.token)}, is expected least: a loss of ${formatLoss(most.loss)}, where their mean is ${formatLoss(mean)}.`;
}
