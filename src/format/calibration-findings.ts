import type { CalibrationDocument } from "../engine/document/document";
import { ROUNDING } from "./calibration";
import { extremes, printAlike } from "./claims";
import { formatNumber, formatShare } from "./numbers";
import { elementAt, zip } from "../engine/numbers/elements";

type Choice = NonNullable<CalibrationDocument["choice"]>;

/* What each chart shows, in figures of its own. */

/** For which domain the calibration matters most, and for which least. */
export function spreadFinding({ evaluations, perplexity }: CalibrationDocument): string {
  const found = extremes(
    evaluations.map(({ name }, k) => {
      const values = perplexity.map((of) => elementAt(of, k));
      return { name, spread: Math.max(...values) / Math.min(...values) - 1 };
    }),
    ({ spread }) => spread,
  );
  if (found === undefined) return "";
  const { most, least } = found;
  if (most.spread < ROUNDING)
    return `The calibration matters for no domain: the worst gives at most ${formatShare(most.spread)} more perplexity than the best, and rounding alone makes up to ${formatShare(ROUNDING)}.`;
  if (printAlike(formatShare, most.spread, least.spread))
    return `The calibration matters as much for every domain: the worst gives ${formatShare(most.spread)} more perplexity than the best.`;
  return (
    `The calibration matters most for ${most.name}, where the worst gives ${formatShare(most.spread)} more perplexity than the best; ` +
    `least for ${least.name}, where it is ${formatShare(least.spread)}.`
  );
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
