import type { AnalysisDocument, SampleDescription } from "../../engine/document/document";
import { nameOfTexts } from "../../format/name-of-texts";
import { endInWords } from "../../format/model-words";
import { formatCount, formatDuration, formatNumber, formatShare } from "../../format/numbers";

/** `story.txt · demo · next token " river" (31 %) · 212 tokens · 2.1 s` */
export function headLine({ samples, model, target, run }: AnalysisDocument): string {
  const [sample] = samples;
  const tokens = samples.reduce((sum, { tokens }) => sum + tokens.length, 0);
  const parts = [
    nameOfTexts(samples),
    model.name,
    sample !== undefined && samples.length === 1
      ? targetText(target, sample)
      : `${target}, mean of ${samples.length} samples`,
    `${formatCount(tokens)} ${tokens === 1 ? "token" : "tokens"}`,
    formatDuration(run.seconds),
  ];
  return parts.join(" · ");
}

function targetText(target: string, sample: SampleDescription): string {
  const { targetToken, targetValue, targetProbability, nextTokens, answer, text } = sample;
  const [next] = nextTokens;
  if (target === "spread" && next)
    return `after ${endInWords(text)} ${JSON.stringify(next.text)} (${formatShare(next.probability)})`;
  if (answer) {
    const likely = targetProbability === null ? "" : ` (${formatShare(targetProbability)})`;
    return `answer ${JSON.stringify(answer.text)}${likely}`;
  }
  if (targetToken === null) return `${target} ${formatNumber(targetValue)}`;
  const probability = targetProbability === null ? "" : ` (${formatShare(targetProbability)})`;
  const token = `${JSON.stringify(targetToken.text)}${probability}`;
  return target === "max-logit" ? `next token ${token}` : `${target} ${token}`;
}
