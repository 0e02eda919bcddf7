import type { CalibrationDocument } from "../engine/document/document";
import { ratioOfCalibrations } from "./calibration";
import { extremes, listed } from "./claims";
import { formatCount, formatNumber, formatShare } from "./numbers";
import { OF_ONE_KIND, changeInWords, intervalOf, verdicts, WITHIN_CHANCE, withoutInterval } from "./perplexity-ratio";
import { elementAt, zip } from "../engine/numbers/elements";
import { everyTwo } from "../engine/numbers/every-two";

type Choice = NonNullable<CalibrationDocument["choice"]>;

/* What each chart shows, in figures of its own. */

/** Domains of which each is named with its figures. */
const FEW = 3;

/** For which domains the calibration matters, by the worst and the best of each; all two of each are tested together. */
export function spreadFinding(document: CalibrationDocument): string {
  const { calibrations, evaluations, perplexity } = document;
  const couples = everyTwo(calibrations.length);
  const [anyCouple] = couples;
  if (anyCouple === undefined) return "";
  const of = (calibration: number, evaluation: number): number =>
    elementAt(elementAt(perplexity, calibration), evaluation);
  const pairs = evaluations.flatMap(({ name }, evaluation) =>
    couples.map((couple) => {
      const [low, high] = of(couple[0], evaluation) <= of(couple[1], evaluation) ? couple : [couple[1], couple[0]];
      return { name, ratio: ratioOfCalibrations(document, evaluation, [high, low]) };
    }),
  );
  const told = zip(
    pairs,
    verdicts(
      pairs.map(({ ratio }) => ratio),
      OF_ONE_KIND,
    ),
  ).map(([pair, verdict]) => ({ ...pair, verdict }));
  const widest = evaluations.flatMap((_, k) => {
    const own = told.slice(k * couples.length, (k + 1) * couples.length);
    return extremes(own, ({ ratio }) => ratio.ratio)?.most ?? [];
  });
  const most = formatShare(Math.max(...widest.map(({ ratio }) => ratio.ratio)) - 1);
  const [missing] = widest.map(({ ratio }) => withoutInterval(ratio));
  if (widest.every(({ ratio }) => intervalOf(ratio) === undefined))
    return `The worst calibration gives at most ${most} more perplexity than the best; whether the calibration matters is not certain: ${missing}.`;
  const matter = widest.filter(({ verdict }) => verdict !== null);
  const others = widest.filter(({ verdict }) => verdict === null);
  if (matter.length === 0)
    return `The calibration certainly matters for no domain: the worst gives at most ${most} more perplexity than the best, ${WITHIN_CHANCE}.`;
  const rest =
    others.length === 0
      ? ""
      : `; for ${others.length <= FEW ? listed(others.map(({ name }) => name)) : "the others"} it is ${WITHIN_CHANCE}`;
  if (matter.length > FEW)
    return `The calibration matters for ${formatCount(matter.length)} of ${formatCount(widest.length)} domains: there the worst gives ${rangeOf(
      matter.map(({ ratio }) => ratio.ratio - 1),
      formatShare,
    )} more perplexity than the best${rest}.`;
  const said = matter.map(({ name, ratio }, i) =>
    i === 0
      ? `for ${name}, where with the worst perplexity is ${changeInWords(ratio)} than with the best`
      : `for ${name}, where it is ${changeInWords(ratio)}`,
  );
  return `The calibration matters ${listed(said)}${rest}.`;
}

/** Where the pruned model still predicts what the dense one does. */
export function agreementFinding({ calibrations, agreement }: CalibrationDocument): string {
  const of = (wanted: CalibrationDocument["calibrations"][number]["kind"]): number[] =>
    zip(calibrations, agreement).flatMap(([{ kind }, [value]]) => (kind === wanted ? (value ?? []) : []));
  const random = of("random");
  return (
    `The pruned and the dense model find the same token the likeliest at ${of("chosen").map(formatShare).join(", ")} of the positions with the chosen texts, ` +
    `at ${rangeOf(random, formatShare)} with random ones.`
  );
}

/** How alike the chosen texts are to the domain, and how much less the others. */
export function similarityFinding({ similarities }: Choice): string {
  const of = (wanted: boolean): number[] =>
    similarities.flatMap(({ similarity, chosen }) => (chosen === wanted ? [similarity] : []));
  const others = of(false);
  const rest = others.length === 0 ? "" : `, of the others ${rangeOf(others, formatNumber)}`;
  return `The similarity of the chosen texts is ${rangeOf(of(true), formatNumber)}${rest}.`;
}

function rangeOf(values: readonly number[], format: (value: number) => string): string {
  const [low, high] = [format(Math.min(...values)), format(Math.max(...values))];
  return low === high ? low : `${low} to ${high}`;
}
