import type { CalibrationDocument } from "../engine/document/document";
import { printsMore } from "./claims";
import { formatCount, formatDuration, formatNumber, formatShare } from "./numbers";
import { methodInWords } from "./pruning";
import { mean } from "../engine/numbers/statistics";
import { elementAt, zip } from "../engine/numbers/elements";

/* Which calibration to prefer, in words and figures. */

/** Perplexities of pruned models that differ by less do so by rounding alone. */
export const ROUNDING = 0.02;

type Choice = NonNullable<CalibrationDocument["choice"]>;

/** Texts of a pool that are named. */
const NAMED = 10;

/** `3 calibrations · demo · Wanda, 50 %, allocated by activation · 4.2 s` */
export function calibrationTitle(document: CalibrationDocument): string {
  const { calibrations, model, run } = document;
  return [
    `${formatCount(calibrations.length)} calibrations`,
    model.name,
    methodInWords(document),
    formatDuration(run.seconds),
  ].join(" · ");
}

/** What to calibrate with: for every domain, or what choosing is worth. */
export function calibrationSentences(document: CalibrationDocument): string[] {
  return document.choice === null
    ? document.evaluations.map((_, i) => preferred(document, i))
    : [choiceSentence(document, document.choice)];
}

/** The texts of a pool that are named, the most alike first, with all that were chosen; and how many are left. */
export function namedTexts({ similarities }: Choice): { named: Choice["similarities"]; left: number } {
  const named = similarities.slice(0, Math.max(NAMED, similarities.filter((text) => text.chosen).length));
  return { named, left: similarities.length - named.length };
}

/** Perplexity on one domain with each calibration, the lowest first. */
function ranked({ calibrations, perplexity }: CalibrationDocument, evaluation: number) {
  return zip(calibrations, perplexity)
    .map(([{ name, kind }, of]) => ({ name, kind, perplexity: elementAt(of, evaluation) }))
    .sort((a, b) => a.perplexity - b.perplexity);
}

type Ranked = ReturnType<typeof ranked>[number];

/** `4.2 % less`, of the better of two. */
const less = (better: Pick<Ranked, "perplexity">, worse: Pick<Ranked, "perplexity">): string =>
  `${formatShare(1 - better.perplexity / worse.perplexity)} less`;

const isClose = (better: Pick<Ranked, "perplexity">, worse: Pick<Ranked, "perplexity">): boolean =>
  worse.perplexity / better.perplexity - 1 < ROUNDING;

function preferred(document: CalibrationDocument, evaluation: number): string {
  const { name } = elementAt(document.evaluations, evaluation);
  const all = ranked(document, evaluation);
  const lowest = elementAt(all, 0);
  const own = all.find((one) => one.name === name) ?? lowest;
  // its own texts are preferred where others are better by no more than rounding
  const best = isClose(lowest, own) ? own : lowest;
  const others = all.filter((one) => one !== best);
  const next = others.at(0);
  const worst = others.at(-1);
  const called = (one: Ranked): string => (one === own ? "its own texts" : one.name);
  const figures = `perplexity ${formatNumber(best.perplexity)} (dense ${formatNumber(elementAt(document.dense, evaluation))})`;
  if (worst === undefined) return `For ${name}: ${figures} with ${called(best)}.`;
  if (isClose(best, worst)) {
    const much = others.map((one) => Math.abs(one.perplexity / best.perplexity - 1));
    return `For ${name} all calibrations do about as well: ${figures} with ${called(best)}, and within ${formatShare(Math.max(...much))} of that with the others; rounding alone makes up to ${formatShare(ROUNDING)}.`;
  }
  const beside = best === own ? (next === worst ? undefined : next) : own === worst ? undefined : own;
  const against = [
    ...(beside === undefined
      ? []
      : [
          isClose(best, beside) || beside.perplexity < best.perplexity
            ? `about as much as with ${called(beside)}`
            : `${less(best, beside)} than with ${called(beside)}`,
        ]),
    `${less(best, worst)} than with ${called(worst)}${others.length > 1 ? ", the worst" : ""}`,
  ];
  return `For ${name} calibrate with ${called(best)}: ${figures}, ${against.join(", and ")}.`;
}

function choiceSentence(document: CalibrationDocument, { pool }: Choice): string {
  const { calibrations, evaluations, dense } = document;
  const all = ranked(document, 0);
  const chosen = all.filter(({ kind }) => kind === "chosen");
  const random = all.filter(({ kind }) => kind === "random").map(({ perplexity }) => perplexity);
  const { texts } = elementAt(calibrations, 0);
  const average = { perplexity: mean(random) };
  const one = elementAt(chosen, 0);
  const [low, high] = [Math.min(...random), Math.max(...random)];
  const isBelow = printsMore(formatNumber, low, one.perplexity);
  const isAbove = printsMore(formatNumber, one.perplexity, high);
  const verdict =
    isBelow && !isClose(one, average)
      ? `${less(one, average)}, and less than in every draw`
      : isAbove && !isClose(average, one)
        ? `${formatShare(one.perplexity / average.perplexity - 1)} more: here choosing is worse than chance`
        : "choosing makes no difference that chance does not";
  return `The ${formatCount(texts)} texts of ${pool} most like ${elementAt(evaluations, 0).name} give perplexity ${formatNumber(one.perplexity)} (dense ${formatNumber(elementAt(dense, 0))}), as many random ones ${formatNumber(average.perplexity)} (${formatNumber(low)} to ${formatNumber(high)} in ${formatCount(random.length)} draws): ${verdict}.`;
}
