import type { CurvePoint } from "../engine/document/document";
import { capital, extremes, printAlike } from "./claims";
import { criterionInWords } from "./pruning";
import { formatDensity, formatShare } from "./numbers";
import { elementAt } from "../engine/numbers/elements";

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

/** Up to which sparsity each criterion stays near the dense model: `Within 10 % of the dense perplexity: Wanda up to 40 %.` */
export function curveFinding(points: readonly CurvePoint[], dense: number): string {
  if (points.length === 0) return "";
  const limit = (1 + HARDLY) * dense;
  const said = [...new Set(points.map(({ criterion }) => criterion))].map((criterion) => {
    const own = points.filter((point) => point.criterion === criterion).sort((a, b) => a.sparsity - b.sparsity);
    const above = own.findIndex(({ perplexity }) => !(perplexity <= limit));
    const name = criterionInWords[criterion];
    if (above === 0) return `${name} not even at ${formatShare(elementAt(own, 0).sparsity)}`;
    return `${name} up to ${formatShare(elementAt(own, (above < 0 ? own.length : above) - 1).sparsity)}`;
  });
  return `Within ${formatShare(HARDLY)} of the dense perplexity: ${said.join(", ")}.`;
}
