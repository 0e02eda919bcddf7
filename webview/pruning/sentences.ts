import type { CurvePoint } from "../../src/engine/document/document";
import { criterionInWords } from "../../src/format/pruning";
import { formatDensity, formatShare } from "../../src/format/numbers";

/* What each chart shows, in figures of its own. */

export interface PlannedLayer {
  readonly layer: number;
  /** The share of its weights that goes. */
  readonly sparsity: number;
  /** null: not measured. */
  readonly density: number | null;
}

/** What the densest and the least dense layer lose. */
export function planFinding(layers: readonly PlannedLayer[]): string {
  const [first] = layers;
  if (layers.every(({ sparsity }) => Math.abs(sparsity - first.sparsity) < 1e-9))
    return `Every layer loses ${formatShare(first.sparsity)} of its weights.`;
  const ordered = [...layers].sort((a, b) => a.sparsity - b.sparsity);
  const said = ({ layer, sparsity, density }: PlannedLayer, what: string): string =>
    `layer ${layer}${density === null ? "" : `, ${what} (${formatDensity(density)} active),`} loses ${formatDensity(sparsity)}`;
  const [least, most] = [ordered[0], ordered[ordered.length - 1]];
  return `${capital(said(least, "the densest"))} of its weights; ${said(most, "the least dense")}.`;
}

export interface LossyMatrix {
  /** `layer 3 q` */
  readonly name: string;
  readonly layer: number;
  readonly matrix: string;
  readonly lost: number;
}

/** Which matrix loses most, and which least. */
export function lossFinding(matrices: readonly LossyMatrix[], what: string): string {
  const ordered = [...matrices].sort((a, b) => a.lost - b.lost);
  const [least, most] = [ordered[0], ordered[ordered.length - 1]];
  return `${capital(most.name)} loses most, ${formatDensity(most.lost)} ${what}; ${least.name} least, ${formatDensity(least.lost)}.`;
}

/** How much more perplexity is hardly more. */
const HARDLY = 0.1;

/** Up to which sparsity each criterion stays near the dense model: `Within 10 % of the dense perplexity: Wanda up to 40 %.` */
export function curveFinding(points: readonly CurvePoint[], dense: number): string {
  const limit = (1 + HARDLY) * dense;
  const said = [...new Set(points.map(({ criterion }) => criterion))].map((criterion) => {
    const own = points.filter((point) => point.criterion === criterion).sort((a, b) => a.sparsity - b.sparsity);
    const above = own.findIndex(({ perplexity }) => perplexity > limit);
    const name = criterionInWords[criterion];
    if (above === 0) return `${name} not even at ${formatShare(own[0].sparsity)}`;
    return `${name} up to ${formatShare(own[above < 0 ? own.length - 1 : above - 1].sparsity)}`;
  });
  return `Within ${formatShare(HARDLY)} of the dense perplexity: ${said.join(", ")}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
