import type { AblationDescription, AnalysisDocument } from "../engine/document/document";
import { capital, printAlike, printsMore } from "./claims";
import { quoted } from "./model-words";
import { formatCardinal, formatCount, formatNumber, formatShare } from "./numbers";

/** What taking a place away does to a prediction: to the token that it is told of, and beside taking others away. */
export function ablationSentences(ablation: AblationDescription): string[] {
  return [predictionSentence(ablation), peersSentence(ablation)];
}

/** `Without it " Rome" goes from 38 % to 12 %, and " the" is the likeliest, at 20 %.` */
function predictionSentence({ token, whole, without }: AblationDescription): string {
  const [before, after] = [whole.probability, without.probability];
  const name = quoted(token.text);
  const moves = printAlike(formatShare, before, after)
    ? `${name} stays at ${formatShare(before)}`
    : `${name} goes from ${formatShare(before)} to ${formatShare(after)}`;
  const [first, other] = [whole.next[0], without.next[0]];
  if (!first || !other || first.id === other.id) return `Without it ${moves}.`;
  return `Without it ${moves}, and ${quoted(other.text)} is the likeliest, at ${formatShare(other.probability)}.`;
}

/** How many of the others change the prediction more; any of them changes it somewhat. */
function peersSentence({ level, without, others, peers }: AblationDescription): string {
  const [one, several, where] =
    level === "head" ? ["head", "heads", "of that matrix"] : ["neuron", "neurons", "of that layer"];
  if (peers.length === 0) return `There is no other ${one} ${where} to compare that with.`;
  const tried =
    peers.length < others
      ? `${formatCount(peers.length)} others that were tried, of ${formatCount(others)} ${where},`
      : `${formatCount(others)} other ${several} ${where}`;
  const more = peers.filter(({ divergence }) => printsMore(formatNumber, divergence, without.divergence)).length;
  const isMost = peers.every(({ divergence }) => printsMore(formatNumber, without.divergence, divergence));
  if (others === 1) {
    const than = more > 0 ? "more" : isMost ? "less" : "as much";
    return `Taking away the other ${one} ${where} changes the prediction ${than}.`;
  }
  if (more > 0)
    return `${capital(formatCardinal(more))} of the ${tried} ${more === 1 ? "changes" : "change"} the prediction more when taken away.`;
  return isMost
    ? `None of the ${tried} changes the prediction as much when taken away.`
    : `None of the ${tried} changes the prediction more when taken away.`;
}

/** The same for the same place in the same sample. */
export function placeKey({
  sample,
  level,
  layer,
  module,
  part,
  index,
}: Pick<AblationDescription, "sample" | "level" | "layer" | "module" | "part" | "index">): string {
  return JSON.stringify([sample, level, layer, module, part ?? null, index]);
}

/** What was tried before and since; of the same place in the same sample the newer counts. */
export function withNewer(
  before: readonly AblationDescription[],
  made: readonly AblationDescription[],
): AblationDescription[] {
  const renewed = new Set(made.map(placeKey));
  return [...before.filter((ablation) => !renewed.has(placeKey(ablation))), ...made];
}

/** An analysis with what was tried since. */
export function withAblations(document: AnalysisDocument, made: readonly AblationDescription[]): AnalysisDocument {
  return made.length === 0 ? document : { ...document, ablations: withNewer(document.ablations ?? [], made) };
}
