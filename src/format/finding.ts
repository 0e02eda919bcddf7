import { printsMore } from "./claims";
import { formatCardinal, formatShare } from "./numbers";

/**
 * What the layers show, in figures: how much of what is active is in the shallowest third, beside what would be there if all
 * weights were active alike. That they hold it is said only where it is more.
 */
export function finding(layers: readonly { readonly active: number; readonly parameters: number }[]): string {
  const active = sum(layers.map((layer) => layer.active));
  if (active === 0) return "No weight is active at this threshold.";
  if (layers.length === 1) return "All active weights are in the one layer.";
  const count = Math.max(1, Math.round(layers.length / 3));
  const shallowest = layers.slice(0, count);
  const held = sum(shallowest.map((layer) => layer.active)) / active;
  const equal = sum(shallowest.map((layer) => layer.parameters)) / sum(layers.map((layer) => layer.parameters));
  const who = count === 1 ? "shallowest layer" : `${formatCardinal(count)} shallowest layers`;
  const beside = `an equal share would be ${formatShare(equal)}`;
  return printsMore(formatShare, held, equal)
    ? `The ${who} ${count === 1 ? "holds" : "hold"} ${formatShare(held)} of the active weights; ${beside}.`
    : `Of the active weights ${formatShare(held)} are in the ${who}; ${beside}.`;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
