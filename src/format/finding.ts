import { formatCardinal, formatShare } from "./numbers";

/** What the layers show, in figures: how much of what is active is in the shallowest third. */
export function finding(layers: readonly { readonly active: number }[]): string {
  const active = layers.reduce((sum, layer) => sum + layer.active, 0);
  if (active === 0) return "No weight is active at this threshold.";
  const count = Math.max(1, Math.round(layers.length / 3));
  const shallow = layers.slice(0, count).reduce((sum, layer) => sum + layer.active, 0);
  const who = count === 1 ? "The shallowest layer holds" : `The ${formatCardinal(count)} shallowest layers hold`;
  return `${who} ${formatShare(shallow / active)} of the active weights.`;
}
