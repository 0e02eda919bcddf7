import { extremes, printAlike, printsMore } from "./claims";
import { formatShare } from "./numbers";
import { formatRatio } from "./typical-findings";

/** A layer with its matrices, and their sums of activations. */
interface Layer {
  readonly layer: number;
  readonly sum: number;
  readonly modules: readonly { readonly name: string; readonly sum: number }[];
}

/**
 * What of all activation, `all`, one layer holds, beside its usual share where that is known, and which of its matrices most of that, by the name that it
 * has among those of all layers:
 * `Layer 9 holds 7.1 % of the activation, ×0.89 of its usual share; of its matrices down has most of that, 31 %.`
 */
export function blockFinding(
  { layer, sum, modules }: Layer,
  {
    all,
    ratio,
    shortName,
  }: { readonly all: number; readonly ratio?: number | undefined; readonly shortName: (name: string) => string },
): string {
  if (!(sum > 0) || !(all > 0)) return `Nothing of the activation is in layer ${layer}.`;
  const beside = ratio === undefined ? "" : `, ${formatRatio(ratio)} of its usual share`;
  const held = `Layer ${layer} holds ${formatShare(sum / all)} of the activation${beside}`;
  const shares = modules.map(({ name, sum: own }) => ({ name, share: own / sum }));
  const found = extremes(shares, ({ share }) => share);
  if (found === undefined || shares.length < 2 || printAlike(formatShare, found.most.share, found.least.share))
    return `${held}.`;
  const second = shares.filter((one) => one !== found.most).reduce((max, { share }) => Math.max(max, share), 0);
  // two that print alike are no one that has most
  if (!printsMore(formatShare, found.most.share, second)) return `${held}.`;
  return `${held}; of its matrices ${shortName(found.most.name)} has most of that, ${formatShare(found.most.share)}.`;
}
