import { saliency as term } from "./glossary";
import { targetInWords } from "./model-words";
import { formatNumber, formatShare, formatSigned } from "./numbers";

/** A token of an analysed text, among those that what is explained can draw on. */
interface TokenFigures {
  readonly saliency: number;
  /** The sizes of all their saliencies together. */
  readonly all: number;
  /** 1 for the one that counts most. */
  readonly rank: number;
  readonly tokens: number;
  readonly target: string;
}

/** What is said of a token where it stands in its text, in paragraphs. */
export function tokenFigures({ saliency, all, rank, tokens, target }: TokenFigures): readonly string[] {
  const share =
    all > 0 ? `, ${formatShare(Math.abs(saliency) / all)} of what all tokens have together, signs aside` : "";
  const against = saliency < 0 ? " It counts against what is explained." : "";
  return [
    `Paramscope: saliency ${formatSigned(saliency)}${share}; number ${rank} of ${tokens}.${against}`,
    `Explained is ${targetInWords(target)}.`,
    `${term.name}: ${term.is}`,
  ];
}

/** The same of the token that is explained. @param probability that the model gave it; null: that is not known. */
export function explainedFigures(probability: number | null): readonly string[] {
  const figures =
    probability === null || probability <= 0
      ? ""
      : ` The model gave it ${formatShare(probability)}, a loss of ${formatNumber(-Math.log(probability))}.`;
  return [`Paramscope: what is explained.${figures}`];
}

/** The same of a token behind the one that is explained. */
export const afterFigures: readonly string[] = ["Paramscope: follows what is explained, and had no part in it."];
