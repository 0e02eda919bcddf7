import type { CalibrationDocument } from "../engine/document/document";
import { listed } from "./claims";
import { formatCount, formatDuration, formatNumber } from "./numbers";
import {
  changeInWords,
  intervalOf,
  type Losses,
  OF_ONE_KIND,
  type PerplexityRatio,
  perplexityRatio,
  timesInWords,
  type Verdict,
  verdicts,
  WITHIN_CHANCE,
  withoutInterval,
} from "./perplexity-ratio";
import { methodInWords } from "./pruning";
import { mean } from "../engine/numbers/statistics";
import { studentDeviate } from "../engine/numbers/student";
import { elementAt, zip } from "../engine/numbers/elements";

/* Which calibration to prefer, in words and figures. */

type Choice = NonNullable<CalibrationDocument["choice"]>;

/** A domain calibrates once, with texts that are as good as they happen to be: only the windows are known to vary. */
const OTHER_TEXTS =
  "This holds of the texts that were calibrated with: how far others of the same kinds differ is not tested.";

/** Texts of a pool that are named. */
const NAMED = 10;

/** Calibrations of which each is named in a sentence. */
const FEW = 2;

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
  return document.choice === null ? preferredSentences(document) : [choiceSentence(document, document.choice)];
}

/** The texts of a pool that are named, the most alike first, with all that were chosen; and how many are left. */
export function namedTexts({ similarities }: Choice): { named: Choice["similarities"]; left: number } {
  const named = similarities.slice(0, Math.max(NAMED, similarities.filter((text) => text.chosen).length));
  return { named, left: similarities.length - named.length };
}

/** What one calibration costs on an evaluation, by what another one does. */
export function ratioOfCalibrations(
  document: CalibrationDocument,
  evaluation: number,
  [one, other]: readonly [number, number],
): PerplexityRatio {
  const of = (calibration: number): number => elementAt(elementAt(document.perplexity, calibration), evaluation);
  const losses = [lossesOf(document, one, evaluation), lossesOf(document, other, evaluation)] as const;
  return perplexityRatio(losses, document.losses?.tokens[evaluation], of(one) / of(other));
}

/** What a calibration costs on an evaluation, by the dense model's perplexity. */
export function ratioToDense(document: CalibrationDocument, calibration: number, evaluation: number): PerplexityRatio {
  const { perplexity, dense, losses } = document;
  return perplexityRatio(
    [lossesOf(document, calibration, evaluation), losses?.dense[evaluation]],
    losses?.tokens[evaluation],
    elementAt(elementAt(perplexity, calibration), evaluation) / elementAt(dense, evaluation),
  );
}

function lossesOf({ losses }: CalibrationDocument, calibration: number, evaluation: number): Losses {
  return losses?.pruned[calibration]?.[evaluation];
}

/** A domain's own texts, and another calibration beside them. */
interface Other {
  readonly name: string;
  readonly perplexity: number;
  /** Its perplexity by that with the domain's own texts. */
  readonly ratio: PerplexityRatio;
  readonly verdict: Verdict;
}

/** For every domain whether other texts than its own are better or worse, which is tested of all together. */
function preferredSentences(document: CalibrationDocument): string[] {
  const { calibrations, evaluations, perplexity } = document;
  const compared = evaluations.flatMap(({ name }, evaluation) => {
    const own = calibrations.findIndex((calibration) => calibration.name === name);
    return calibrations.flatMap((calibration, i) =>
      own < 0 || i === own
        ? []
        : [
            {
              evaluation,
              name: calibration.name,
              perplexity: elementAt(elementAt(perplexity, i), evaluation),
              ratio: ratioOfCalibrations(document, evaluation, [i, own]),
            },
          ],
    );
  });
  const told = zip(
    compared,
    verdicts(
      compared.map(({ ratio }) => ratio),
      OF_ONE_KIND,
    ),
  );
  const sentences = evaluations.flatMap(({ name }, evaluation) => {
    const own = calibrations.findIndex((calibration) => calibration.name === name);
    const others = told.flatMap(([other, verdict]) => (other.evaluation === evaluation ? [{ ...other, verdict }] : []));
    return own < 0 ? [] : [preferredSentence(document, { evaluation, own, others })];
  });
  return told.some(([, verdict]) => verdict !== null) ? [...sentences, OTHER_TEXTS] : sentences;
}

function preferredSentence(
  document: CalibrationDocument,
  { evaluation, own, others }: { readonly evaluation: number; readonly own: number; readonly others: readonly Other[] },
): string {
  const { name } = elementAt(document.evaluations, evaluation);
  const figures = (perplexity: number, calibration: number): string =>
    `perplexity ${formatNumber(perplexity)}, ${timesInWords(ratioToDense(document, calibration, evaluation), "dense")}`;
  const ofOwn = figures(elementAt(elementAt(document.perplexity, own), evaluation), own);
  const of = (verdict: Verdict): Other[] =>
    others.filter((other) => other.verdict === verdict).sort((a, b) => a.perplexity - b.perplexity);
  const [first] = others;
  if (first === undefined) return `For ${name}: ${ofOwn} with its own texts.`;
  const all = [...others].sort((a, b) => a.perplexity - b.perplexity);
  const range = `with ${others.length > 1 ? "the others" : first.name} ${perplexitiesInWords(all)}`;
  if (others.every(({ ratio }) => intervalOf(ratio) === undefined))
    return `For ${name}: ${ofOwn} with its own texts, ${range}; ${withoutInterval(first.ratio)}, and none is preferred.`;
  const [best] = of("less");
  if (best !== undefined) {
    const calibration = document.calibrations.findIndex((one) => one.name === best.name);
    return `For ${name} calibrate with ${best.name}: ${figures(best.perplexity, calibration)}, ${changeInWords(best.ratio)} than with its own texts.`;
  }
  const worse = of("more");
  if (worse.length === 0)
    return `For ${name} no calibration is told from its own texts: ${ofOwn}, ${range}, ${WITHIN_CHANCE}.`;
  const alike = of(null);
  const said = [
    ...(worse.length <= FEW
      ? worse.map((other, i) => `with ${other.name} ${i === 0 ? "it is " : ""}${changeInWords(other.ratio)}`)
      : [`with ${formatCount(worse.length)} others it is more, ${perplexitiesInWords(worse)}`]),
    ...(alike.length === 0
      ? []
      : [
          `with ${alike.length <= FEW ? listed(alike.map((other) => other.name)) : `${formatCount(alike.length)} others`} ${WITHIN_CHANCE}`,
        ]),
  ];
  return `For ${name} calibrate with its own texts: ${ofOwn}; ${said.join(", ")}.`;
}

/** `20.3 to 24`, of some in their order. */
function perplexitiesInWords(others: readonly Other[]): string {
  const ends = [elementAt(others, 0), elementAt(others, others.length - 1)];
  return [...new Set(ends.map(({ perplexity }) => formatNumber(perplexity)))].join(" to ");
}

function choiceSentence(document: CalibrationDocument, { pool }: Choice): string {
  const { calibrations, evaluations, perplexity, losses } = document;
  const of = (wanted: (typeof calibrations)[number]["kind"]): number[] =>
    calibrations.flatMap(({ kind }, i) => (kind === wanted ? [i] : []));
  const chosen = elementAt(of("chosen"), 0);
  const draws = of("random");
  const perplexities = draws.map((i) => elementAt(elementAt(perplexity, i), 0));
  const [low, high] = [Math.min(...perplexities), Math.max(...perplexities)];
  const one = elementAt(elementAt(perplexity, chosen), 0);
  // perplexities are averaged as ratios of them are: by their logarithms
  const average = Math.exp(mean(perplexities.map(Math.log)));
  const tokens = losses?.tokens[0];
  const ratio = perplexityRatio(
    [lossesOf(document, chosen, 0), meanLosses(draws.map((i) => lossesOf(document, i, 0)))],
    tokens,
    one / average,
  );
  const [verdict] = verdicts([ratio]);
  const isFar = isBeyondDraws(one, perplexities);
  const change = changeInWords(ratio);
  const missing = withoutInterval(ratio);
  const said =
    missing !== ""
      ? `${change}; ${missing}, and it is not told from chance`
      : verdict === "less" && isFar
        ? `${change}, and by more than draws differ`
        : verdict === "more" && isFar
          ? `${change}, and by more than draws differ: here choosing is worse than chance`
          : `${change}, which is no more than chance makes`;
  return `The ${formatCount(elementAt(calibrations, 0).texts)} texts of ${pool} most like ${elementAt(evaluations, 0).name} give perplexity ${formatNumber(one)}, ${timesInWords(ratioToDense(document, chosen, 0), "dense")}, as many random ones ${formatNumber(average)} (${formatNumber(low)} to ${formatNumber(high)} in ${formatCount(draws.length)} draws): ${said}.`;
}

/** The mean of what several models lose of each window; undefined where one was not kept. */
function meanLosses(models: readonly Losses[]): Losses {
  const all = models.flatMap((losses) => (losses === undefined ? [] : [losses]));
  if (all.length < models.length) return undefined;
  return all[0]?.map((_, window) => mean(all.map((losses) => elementAt(losses, window))));
}

/** Whether a perplexity is farther from those of random draws than one more draw would be 95 times of 100 (Student's t, of logarithms). */
function isBeyondDraws(perplexity: number, draws: readonly number[]): boolean {
  if (draws.length < 2) return false;
  const logarithms = draws.map(Math.log);
  const middle = mean(logarithms);
  const freedom = draws.length - 1;
  const variance = logarithms.reduce((sum, value) => sum + (value - middle) ** 2, 0) / freedom;
  const farthest = studentDeviate(freedom) * Math.sqrt(variance * (1 + 1 / draws.length));
  return Math.abs(Math.log(perplexity) - middle) > farthest;
}
