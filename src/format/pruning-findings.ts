import type { CurvePoint, EvaluationDescription } from "../engine/document/document";
import { capital, extremes, listed, printAlike } from "./claims";
import { criterionInWords, pointToDense } from "./pruning";
import { formatDensity, formatShare } from "./numbers";
import {
  intervalOf,
  type PerplexityRatio,
  perplexityRatio,
  timesInWords,
  verdicts,
  WITHIN_CHANCE,
  withoutInterval,
} from "./perplexity-ratio";
import { elementAt, zip } from "../engine/numbers/elements";
import { everyTwo } from "../engine/numbers/every-two";

/* What each chart shows, in figures of its own. */

/** What a pruning plans for a layer. */
export interface PlannedLayer {
  readonly layer: number;
  /** The share of its weights that goes. */
  readonly sparsity: number;
  /** null: not measured. */
  readonly density: number | null;
}

/** What the layers lose that lose least and most; they are called the densest and the least dense where they are. */
export function planFinding(layers: readonly PlannedLayer[]): string {
  const found = extremes(layers, ({ sparsity }) => sparsity);
  if (found === undefined) return "";
  const { most, least } = found;
  if (printAlike(formatDensity, most.sparsity, least.sparsity))
    return `Every layer loses ${formatShare(most.sparsity)} of its weights.`;
  const densities = layers.flatMap(({ density }) => density ?? []);
  const [highest, lowest] = [Math.max(...densities), Math.min(...densities)];
  const areKnown = densities.length === layers.length && !printAlike(formatDensity, highest, lowest);
  const said = ({ layer, sparsity, density }: PlannedLayer, extreme: number, what: string): string => {
    const active = density === null ? "" : `(${formatDensity(density)} active)`;
    const called = areKnown && density === extreme ? `, ${what} ${active},` : active && ` ${active}`;
    return `layer ${layer}${called} loses ${formatDensity(sparsity)}`;
  };
  return `${capital(said(least, highest, "the densest"))} of its weights; ${said(most, lowest, "the least dense")}.`;
}

/** A matrix, and what share of it a pruning takes. */
export interface LossyMatrix {
  /** `layer 3 q` */
  readonly name: string;
  readonly layer: number;
  readonly matrix: string;
  readonly lost: number;
}

/** Which matrix loses most, and which least. */
export function lossFinding(matrices: readonly LossyMatrix[], what: string): string {
  const found = extremes(matrices, ({ lost }) => lost);
  if (found === undefined) return "";
  const { most, least } = found;
  if (printAlike(formatDensity, most.lost, least.lost))
    return `Every matrix loses ${formatDensity(most.lost)} ${what}.`;
  return `${capital(most.name)} loses most, ${formatDensity(most.lost)} ${what}; ${least.name} least, ${formatDensity(least.lost)}.`;
}

/** How much more perplexity is hardly more. */
const HARDLY = 0.1;

/** Up to which sparsity each criterion stays near the dense model: `Certainly within 10 % of the dense perplexity: Wanda up to 40 %.` */
export function curveFinding(points: readonly CurvePoint[], evaluation: EvaluationDescription): string {
  if (points.length === 0) return "";
  const known = points.map((point) => ({ ...point, ratio: pointToDense(point, evaluation) }));
  const isCertain = known.every(({ ratio }) => intervalOf(ratio) !== undefined);
  const mostOf = (ratio: PerplexityRatio): number => (isCertain ? intervalOf(ratio)?.[1] : undefined) ?? ratio.ratio;
  const limit = 1 + HARDLY;
  const said = [...new Set(points.map(({ criterion }) => criterion))].map((criterion) => {
    const own = known.filter((point) => point.criterion === criterion).sort((a, b) => a.sparsity - b.sparsity);
    const above = own.findIndex(({ ratio }) => !(mostOf(ratio) <= limit));
    const name = criterionInWords[criterion];
    if (above === 0) return `${name} not even at ${formatShare(elementAt(own, 0).sparsity)}`;
    return `${name} up to ${formatShare(elementAt(own, (above < 0 ? own.length : above) - 1).sparsity)}`;
  });
  return `${isCertain ? "Certainly within" : "Within"} ${formatShare(HARDLY)} of the dense perplexity: ${said.join(", ")}.`;
}

/** Two criteria at one sparsity. */
interface ComparedCriteria {
  readonly sparsity: number;
  readonly less: CurvePoint["criterion"];
  readonly more: CurvePoint["criterion"];
  /** The perplexity of the lesser by that of the other. */
  readonly ratio: PerplexityRatio;
}

/** Which criterion costs less than which, and at what sparsities: `Wanda costs less perplexity than magnitude from 40 % to 80 %: at 80 % 0.62 × as much (0.58 to 0.66).` */
export function criteriaFinding(points: readonly CurvePoint[], { losses }: EvaluationDescription): string {
  const sparsities = [...new Set(points.map(({ sparsity }) => sparsity))].sort((a, b) => a - b);
  const pairs = sparsities.flatMap((sparsity) =>
    twoOf(points.filter((point) => point.sparsity === sparsity)).map(([a, b]): ComparedCriteria => {
      const [less, more] = a.perplexity <= b.perplexity ? [a, b] : [b, a];
      const ratio = perplexityRatio([less.losses, more.losses], losses?.tokens, less.perplexity / more.perplexity);
      return { sparsity, less: less.criterion, more: more.criterion, ratio };
    }),
  );
  const [first] = pairs;
  if (first === undefined) return "";
  if (pairs.every(({ ratio }) => intervalOf(ratio) === undefined))
    return `Which criterion costs less is not certain: ${withoutInterval(first.ratio)}.`;
  const told = zip(pairs, verdicts(pairs.map(({ ratio }) => ratio))).flatMap(([pair, verdict]) =>
    verdict ? [pair] : [],
  );
  if (told.length === 0) return `Which criterion costs less is ${WITHIN_CHANCE}.`;
  const groups = new Map<string, ComparedCriteria[]>();
  for (const pair of told) {
    const between = `${pair.less} ${pair.more}`;
    groups.set(between, [...(groups.get(between) ?? []), pair]);
  }
  const said = [...groups.values()].map((group) => {
    const last = elementAt(group, group.length - 1);
    const where = sparsitiesInWords(
      group.map(({ sparsity }) => sparsity),
      sparsities,
    );
    const at = group.length > 1 ? `at ${formatShare(last.sparsity)} ` : "";
    return `${criterionInWords[last.less]} costs less perplexity than ${criterionInWords[last.more]} ${where}: ${at}${timesInWords(last.ratio, "as much")}`;
  });
  const rest = told.length < pairs.length ? ` Other differences of criteria are ${WITHIN_CHANCE}.` : "";
  return `${capital(said.join("; "))}.${rest}`;
}

function twoOf<Value>(values: readonly Value[]): [Value, Value][] {
  return everyTwo(values.length).map(([a, b]) => [elementAt(values, a), elementAt(values, b)]);
}

/** `from 40 % to 80 %`, where there are all between them; else each. */
function sparsitiesInWords(some: readonly number[], all: readonly number[]): string {
  const [first, last] = [elementAt(some, 0), elementAt(some, some.length - 1)];
  const isRange = some.length > 2 && all.filter((one) => one >= first && one <= last).length === some.length;
  return isRange ? `from ${formatShare(first)} to ${formatShare(last)}` : `at ${listed(some.map(formatShare))}`;
}
