import type { ModelsDocument, ModelsModule, ModelsPrediction, SampleDescription } from "../engine/document/document";
import { elementAt, zip } from "../engine/numbers/elements";
import { shortNamesIn } from "./matrix-names";
import { similarityTogether, sumsTogether } from "./balance";
import { quoted } from "./model-words";
import { formatNumber, formatShare } from "./numbers";

/* What a comparison of two models shows, in figures and lists: what terminal and page say of it alike. */

/** A matrix of the models. */
export interface ChangedMatrix {
  /** `layer 21 v` */
  readonly name: string;
  readonly module: ModelsModule;
}

/** All matrices, those of the first layer first. */
export function allMatrices({ layers }: Pick<ModelsDocument, "layers">): ChangedMatrix[] {
  const shortName = shortNamesIn(layers);
  return layers.flatMap(({ layer, modules }) =>
    modules.map((module) => ({ name: `layer ${layer} ${shortName(module.name)}`, module })),
  );
}

/** `‖ΔW‖/‖W‖` as it is written; of a matrix of zeros there is none. */
export function formatRelative(relative: number | null): string {
  return relative === null ? "–" : formatNumber(relative);
}

/** What the change of several matrices comes to together, as of one. */
export function changeTogether(
  modules: readonly ModelsModule[],
): Pick<ModelsModule, "relative" | "usage" | "similarity" | "a" | "b" | "parameters"> {
  const total = (of: (module: ModelsModule) => number): number => modules.reduce((sum, module) => sum + of(module), 0);
  const [norm, changeNorm] = [Math.sqrt(total((m) => m.norm ** 2)), Math.sqrt(total((m) => m.changeNorm ** 2))];
  // what the effect would be if what was changed were used like any weight of its matrix
  const blind = total(({ a, size, changeSize }) => (size > 0 ? (a * changeSize) / size : 0));
  return {
    relative: norm > 0 ? changeNorm / norm : null,
    usage: blind > 0 ? total(({ effect }) => effect) / blind : null,
    similarity: similarityTogether(modules),
    ...sumsTogether(modules),
  };
}

/** How many times as much what was changed counts as weights in general; nothing where nothing was changed. */
export function formatUsage(usage: number | null): string {
  return usage === null ? "–" : formatNumber(usage);
}

/** What the heat map shows of each matrix. */
export type MatrixMeasure = "change" | "usage" | "mean" | "similarity";

export const measureNames: Record<MatrixMeasure, string> = {
  change: "Size of the change",
  usage: "How much the change counts",
  mean: "A and B, mean activation",
  similarity: "Similarity of activations",
};

/** `; what was changed counts 1.3 times`, after other figures; nothing where nothing was changed. */
export function usageInWords(usage: number | null): string {
  return usage === null ? "" : `; what was changed counts ${formatNumber(usage)} times`;
}

/** What both models predict of a sample. */
export interface ComparedPrediction {
  /** Its place among the samples. */
  readonly index: number;
  readonly sample: SampleDescription;
  readonly prediction: ModelsPrediction;
}

/** The samples with what is predicted of them, those of which it moved most first. */
export function predictionsByMove({ samples, predictions }: ModelsDocument): ComparedPrediction[] {
  return zip(samples, predictions)
    .map(([sample, prediction], index) => ({ index, sample, prediction }))
    .sort((a, b) => b.prediction.kl - a.prediction.kl);
}

/** `" river" 31 %` */
export function answerInWords(tokens: SampleDescription["nextTokens"]): string {
  const token = tokens.at(0);
  return token === undefined ? "" : `${quoted(token.text)} ${formatShare(token.probability)}`;
}

/** `a.txt`; of a text of several samples with the place where it begins: `a.txt at 512` */
export function sampleName({ samples }: Pick<ModelsDocument, "samples">, index: number): string {
  const { source, offset } = elementAt(samples, index);
  const isOnly = samples.filter((other) => other.source === source).length === 1;
  const name = source === "-" ? "standard input" : source;
  return isOnly ? name : `${name} at ${offset}`;
}
