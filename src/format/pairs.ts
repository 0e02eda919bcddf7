import type { Correlation, PairsDocument, RhoDifference, SpearmanDescription } from "../engine/document/document";
import { capital } from "./claims";
import type { Table } from "./csv";
import { formatFixed } from "./numbers";

/* What sentence pairs show, in words and figures: contrast relevance first, where it was asked for, beside everything else. */

const names = {
  contrast: "contrast relevance",
  similarity: "relevance",
  hidden: "hidden states",
  tfidf: "words by tf-idf",
  jaccard: "words by Jaccard",
};

/** How well one way to tell how alike sentences are follows the human scores. */
export interface Standing extends Correlation {
  readonly by: keyof typeof names;
  readonly name: string;
  /** Rho given the tf-idf cosine. */
  readonly partial?: Correlation | undefined;
  /** By how much the first standing's rho is above this one's. */
  readonly below?: RhoDifference | undefined;
}

/**
 * Contrast relevance, or relevance where that is all that was asked for; then what it is held against. Results of earlier versions have
 * these two only.
 */
export function standingsOf(document: PairsDocument): readonly [Standing, ...Standing[]] {
  const { spearman, contrastSpearman, hiddenSpearman, words } = document;
  const over = (contrastSpearman ?? spearman).over;
  const standing = (by: keyof typeof names, { rho, interval }: Correlation, partial?: Correlation): Standing => ({
    by,
    name: names[by],
    rho,
    interval,
    partial,
    below: by === "contrast" ? undefined : over?.[by],
  });
  const deep = (by: keyof typeof names, { deep: rho, interval, partial }: SpearmanDescription) =>
    standing(by, { rho, interval }, partial);
  const others = [
    ...(hiddenSpearman ? [deep("hidden", hiddenSpearman)] : []),
    ...(words ? [standing("tfidf", words.tfidf), standing("jaccard", words.jaccard)] : []),
  ];
  const relevance = deep("similarity", spearman);
  return contrastSpearman ? [deep("contrast", contrastSpearman), relevance, ...others] : [relevance, ...others];
}

/** All standings, a row each, every figure with the ends of its interval. */
export function standingsTable(document: PairsDocument): Table {
  const standings = standingsOf(document);
  const figures = ["agreement", "agreement given tf-idf", `${standings[0].name} is above by`];
  const withEnds = (value: number | undefined, ends: readonly [number, number] | undefined) =>
    value === undefined || ends === undefined ? ["", "", ""] : [value, ...ends];
  return {
    columns: ["likeness", ...figures.flatMap((figure) => [figure, "low", "high"])].map((title) => ({ title })),
    rows: standings.map(({ name, rho, interval, partial, below }) => [
      name,
      ...withEnds(rho, interval),
      ...withEnds(partial?.rho, partial?.interval),
      ...withEnds(below?.difference, below?.interval),
    ]),
  };
}

/** How well what was asked for follows the human scores: by itself, and beside words, hidden states and the paper's measure. */
export function pairsSentences(document: PairsDocument): string[] {
  const [first, ...others] = standingsOf(document);
  const [relevance, hidden, ...words] = (["similarity", "hidden", "tfidf", "jaccard"] as const).map((by) =>
    others.find((standing) => standing.by === by),
  );
  const [better] = words.filter((standing) => standing !== undefined).sort((one, other) => other.rho - one.rho);
  return [
    trackingSentence(first, first.name),
    better && besideSentence(first, better, `counting ${better.name}`),
    first.partial && givenSentence(first.name, first.partial),
    hidden && besideSentence(first, hidden, hidden.name),
    relevance && trackingSentence(relevance, "the paper's relevance"),
    relevance && besideSentence(first, relevance, "the paper's relevance"),
  ].filter((sentence) => sentence !== undefined);
}

function trackingSentence({ rho, interval }: Standing, name: string): string {
  return `${capital(name)} ${tracks(interval)} the human scores: agreement ${figures(rho, interval)}.`;
}

function givenSentence(name: string, { rho, interval }: Correlation): string {
  return `Given what tf-idf says, ${name} ${tracks(interval)} them: agreement ${figures(rho, interval)}.`;
}

/** Which of two follows the scores more: said where the better one follows them at all, and their difference is not chance. */
function besideSentence(first: Standing, other: Standing, name: string): string | undefined {
  if (other.below === undefined) return undefined;
  const { difference, interval } = other.below;
  const [who, against] = [capital(first.name), `${name} (agreement ${rhoText(other.rho)})`];
  const by = figures(difference, interval);
  if (follows(interval) && follows(first.interval)) return `${who} follows them more than ${against}: by ${by}.`;
  if (runsAgainst(interval) && follows(other.interval)) {
    const [low, high] = interval;
    return `${who} follows them less than ${against}: by ${figures(-difference, [-high, -low])}.`;
  }
  return follows(interval) || runsAgainst(interval)
    ? `The difference between ${first.name} and ${against} is ${by}, and the higher of the two does not certainly follow them.`
    : `${who} does not certainly differ from ${against}: the difference is ${by}.`;
}

/** Whether a likeness with this interval of rho goes with the scores, as a verb. */
export function tracks(interval: readonly [number, number]): string {
  return follows(interval) ? "follows" : runsAgainst(interval) ? "runs against" : "does not certainly follow";
}

/** The whole interval is above 0, as it is printed. */
function follows([low]: readonly [number, number]): boolean {
  return Number(low.toFixed(2)) > 0;
}

function runsAgainst([, high]: readonly [number, number]): boolean {
  return Number(high.toFixed(2)) < 0;
}

/** `0.807, 95 % within 0.73 to 0.86` */
export function figures(value: number, interval: readonly [number, number]): string {
  return `${rhoText(value)}, 95 % within ${intervalText(interval)}`;
}

/** `0.807`, `−0.022` */
export const rhoText = (value: number): string => fixed(value, 3);

const fixed = (value: number, decimals: number): string => formatFixed(value, decimals).replace(/^-/, "−");

/** `0.21 to 0.64`, `−0.12 to 0.30` */
export function intervalText([low, high]: readonly [number, number]): string {
  return `${fixed(low, 2)} to ${fixed(high, 2)}`;
}
