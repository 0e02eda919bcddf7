import type { ModelsDocument, OtherTensor } from "../engine/document/document";
import { balanceFinding } from "./comparison-findings";
import { capital, extremes, printAlike, printsMore, timesText } from "./claims";
import { quoted } from "./model-words";
import { allMatrices, type ChangedMatrix, type MatrixMeasure, predictionsByMove, sampleName } from "./models";
import { formatNumber, formatShare, formatSigned } from "./numbers";

/* What of a model was changed, whether the texts use it, and how far its answers moved: each sentence with its condition. */

/** How many matrices, tensors or texts are named. */
const NAMED = 3;

/** Whether anything was changed at all; undefined where it was, in matrices that are scored. */
export function samenessSentence(document: ModelsDocument): string | undefined {
  const { model, modelB, change, others } = document;
  if (model.hash === modelB.hash) return "A and B are the same model, by identity: there is nothing to tell apart.";
  if (change.changed > 0) return undefined;
  const changed = others.filter(isChanged);
  return changed.length === 0
    ? "A and B are not the same files, but no weight that was compared differs."
    : `No scored matrix was changed; what differs is ${changed.map(tensorInWords).join(", ")}.`;
}

/** How much was changed in all; nothing where nothing was. */
export function changeSentence({ change }: ModelsDocument): string {
  const { relative, changed, zeroed, parameters } = change;
  if (changed === 0) return "";
  const size = relative === null ? "" : `the relative change is ${formatNumber(relative)} over all scored matrices: `;
  const all =
    changed === parameters ? "every weight differs" : `${formatShare(changed / parameters)} of the weights differ`;
  const zeros =
    zeroed === 0
      ? ""
      : zeroed === changed
        ? ", all of them 0 in B"
        : `, ${formatShare(zeroed / parameters)} are 0 in B that are not in A`;
  return `${capital(`${size}${all}${zeros}`)}.`;
}

/** Which layers were changed most and least. */
export function changedLayersSentence({ layers }: ModelsDocument): string {
  const found = extremes(layers, ({ relative }) => relative ?? 0);
  if (found === undefined) return "";
  const [most, least] = [found.most.relative ?? 0, found.least.relative ?? 0];
  if (most === 0) return "";
  return printAlike(formatNumber, most, least)
    ? `The relative change is ${formatNumber(most)} in every layer.`
    : `Layer ${found.most.layer} was changed most, by a relative ${formatNumber(most)}; layer ${found.least.layer} least, ${formatNumber(least)}.`;
}

/** Where the change is: the matrices with the largest, and how many were left alone. */
export function placesSentence(document: ModelsDocument): string {
  const matrices = allMatrices(document).filter(({ module }) => module.relative !== null);
  const found = extremes(matrices, relativeOf);
  if (found === undefined || relativeOf(found.most) === 0) return "";
  const [most, least] = [relativeOf(found.most), relativeOf(found.least)];
  if (printAlike(formatNumber, most, least))
    return matrices.length === 1 ? "" : `Every matrix was changed as much, by ${formatNumber(most)} of its size.`;
  const largest = [...matrices].sort((a, b) => relativeOf(b) - relativeOf(a)).slice(0, NAMED);
  const named = largest
    .filter((matrix) => relativeOf(matrix) > 0)
    .map((matrix) => `${matrix.name} (${formatNumber(relativeOf(matrix))})`);
  const equal = matrices.filter(({ module }) => module.changed === 0).length;
  const rest =
    equal > 0
      ? `${equal} of ${matrices.length} matrices are equal`
      : `the least in ${found.least.name} (${formatNumber(least)})`;
  return `The change is largest in ${named.join(", ")}; ${rest}.`;
}

const relativeOf = ({ module }: ChangedMatrix): number => module.relative ?? 0;

/** Whether matrices that were changed more are those that are used more, where the interval tells. */
export function relationSentence({ relation }: ModelsDocument): string {
  if (relation === null) return "";
  const { rho, interval, matrices } = relation;
  const [low, high] = interval;
  const figures = `agreement of the two orders ${formatSigned(rho)} over ${matrices} matrices, 95 % within ${formatSigned(low)} to ${formatSigned(high)}`;
  if (low > 0) return `Matrices that were changed more are those that these texts use more: ${figures}.`;
  if (high < 0) return `Matrices that were changed more are those that these texts use less: ${figures}.`;
  return `That matrices which these texts use more were changed more, or less, cannot be told: ${figures}.`;
}

/** Whether within the matrices what was changed counts more or less than weights do in general. */
export function usageSentence({ change: { usage } }: ModelsDocument): string {
  if (usage === null) return "";
  const [more, less] = [timesText(usage), usage > 0 ? timesText(1 / usage) : undefined];
  const subject = "Within its matrix, what was changed counts";
  if (usage === 0) return `${subject} nothing for what these texts predict, to first order.`;
  if (more !== undefined)
    return `${subject} ${more} times as much for what these texts predict as weights do in general.`;
  if (less !== undefined)
    return `${subject} ${less} times less for what these texts predict than weights do in general.`;
  return `${subject} as much for what these texts predict as weights do in general.`;
}

/** Through which matrix most of the change acts, where that is seen to be more than an equal share. */
export function effectSentence(document: ModelsDocument): string {
  const matrices = allMatrices(document);
  const found = extremes(matrices, ({ module }) => module.effect);
  const total = document.change.effect;
  if (found === undefined || total === 0) return "";
  const [share, equal] = [found.most.module.effect / total, 1 / matrices.length];
  if (!printsMore(formatShare, share, equal)) return "";
  return `Of what the change does to these predictions, to first order, ${formatShare(share)} comes through ${found.most.name}; an equal share would be ${formatShare(equal)}.`;
}

/** How alike both activate, and where least. */
export function activationsFinding(document: ModelsDocument): string {
  const found = extremes(document.layers, ({ similarity }) => similarity);
  if (found === undefined) return "";
  const { most, least } = found;
  const alike = printAlike(formatNumber, most.similarity, least.similarity)
    ? `Similarity is ${formatNumber(least.similarity)} in every layer.`
    : `Both activate least alike in layer ${least.layer}, similarity ${formatNumber(least.similarity)}, and most in layer ${most.layer}, ${formatNumber(most.similarity)}.`;
  const other = otherTargets(document);
  return other === 0
    ? alike
    : `${alike} In ${other} of ${document.samples.length} samples B's target is another token than A's: there they activate for another answer.`;
}

/** Samples in which the target is about another token in B: its own likeliest one. */
function otherTargets({ samples, predictions }: ModelsDocument): number {
  return samples.filter((sample, i) => sample.targetToken?.id !== predictions[i]?.b.targetToken?.id).length;
}

/** Whether the likeliest token stays, in how many samples; of one sample which it is. */
export function agreementSentence({ samples, predictions, agreement }: ModelsDocument): string {
  const { count, of, interval } = agreement;
  if (of !== 1)
    return `The likeliest next token is the same in ${count} of ${of} samples (95 % within ${formatShare(interval[0])} to ${formatShare(interval[1])}).`;
  const [a, b] = [samples.at(0)?.nextTokens.at(0), predictions.at(0)?.b.nextTokens.at(0)];
  if (a === undefined || b === undefined) return "";
  return count === 1
    ? `The likeliest next token is the same, ${quoted(a.text)}: ${formatShare(a.probability)} in A, ${formatShare(b.probability)} in B.`
    : `The likeliest next token is ${quoted(a.text)} in A (${formatShare(a.probability)}) and ${quoted(b.text)} in B (${formatShare(b.probability)}).`;
}

/** How far the distributions of the next token are from each other. */
export function divergenceSentence({ kl, agreement }: ModelsDocument): string {
  if (kl.mean === 0) return "The next-token distributions are equal.";
  const figures = formatNumber(kl.mean);
  return kl.interval === null
    ? `The divergence of the next token is ${figures}.`
    : `The divergence of the next token is ${figures} in the mean of ${agreement.of} samples, 95 % within ${formatNumber(kl.interval[0])} to ${formatNumber(kl.interval[1])}.`;
}

/** What to do next: read what changed most, or take more texts where there is one. */
export function nextSentence(document: ModelsDocument): string | undefined {
  if (document.model.hash === document.modelB.hash) return undefined;
  if (document.samples.length === 1)
    return "One text says little of others: compare over a folder of texts to see whether it holds.";
  const moved = predictionsByMove(document).filter(({ prediction }) => !prediction.agrees);
  if (moved.length === 0) return undefined;
  const named = moved
    .slice(0, NAMED)
    .map(({ index, prediction }) => `${sampleName(document, index)} (divergence ${formatNumber(prediction.kl)})`);
  if (moved.length === 1) return `The one answer that changed is that of ${named.join()}: read it first.`;
  return `Of the texts whose answer changed, read first those that moved most: ${named.join(", ")}.`;
}

/** What of the tensors that are not scored was changed, and what not. */
export function othersSentence({ others }: ModelsDocument): string {
  const [changed, equal] = [others.filter(isChanged), others.filter((tensor) => !isChanged(tensor))];
  if (changed.length === 0) return equal.length === 0 ? "" : "Of embedding, head, norms and biases nothing differs.";
  const most = changed.sort((a, b) => (b.relative ?? Infinity) - (a.relative ?? Infinity)).map(tensorInWords);
  const rest =
    equal.length === 0
      ? ""
      : `; equal ${equal.length === 1 ? "is" : "are"} ${equal.map(({ name }) => name).join(", ")}`;
  return `Beside the scored matrices ${most.join(", ")} ${changed.length === 1 ? "differs" : "differ"}${rest}.`;
}

const isChanged = ({ changeNorm }: OtherTensor): boolean => changeNorm > 0;

function tensorInWords({ name, relative }: OtherTensor): string {
  return relative === null ? `${name} (0 in A)` : `${name} (${formatNumber(relative)})`;
}

/** What the heat map shows by a measure. */
export function matricesSentence(document: ModelsDocument, measure: MatrixMeasure): string {
  switch (measure) {
    case "change":
      return said([placesSentence(document), relationSentence(document)]).join(" ");
    case "usage":
      return said([usageSentence(document), effectSentence(document)]).join(" ");
    case "mean":
      return balanceFinding(document);
    case "similarity":
      return similaritySentence(document);
  }
}

function similaritySentence(document: ModelsDocument): string {
  const found = extremes(allMatrices(document), ({ module }) => module.similarity);
  if (found === undefined) return "";
  const [least, most] = [found.least.module.similarity, found.most.module.similarity];
  return printAlike(formatNumber, least, most)
    ? `Every matrix is activated as much alike, ${formatNumber(least)}.`
    : `Activations are least alike in ${found.least.name}, ${formatNumber(least)}, and most in ${found.most.name}, ${formatNumber(most)}.`;
}

/** What stands at the head of a result: whether the two are the same, how much was changed, and how far predictions moved. */
export function headSentences(document: ModelsDocument): string[] {
  return said([
    samenessSentence(document),
    changeSentence(document),
    agreementSentence(document),
    divergenceSentence(document),
  ]);
}

/** All that is said of what was changed, whether it is used, and what it did to predictions. */
export function modelsSentences(document: ModelsDocument): string[] {
  return said([
    samenessSentence(document),
    changeSentence(document),
    placesSentence(document),
    relationSentence(document),
    usageSentence(document),
    effectSentence(document),
    agreementSentence(document),
    divergenceSentence(document),
    nextSentence(document),
  ]);
}

function said(sentences: readonly (string | undefined)[]): string[] {
  return sentences.filter((sentence): sentence is string => sentence !== undefined && sentence !== "");
}
