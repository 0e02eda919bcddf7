import { meanInterval } from "../engine/numbers/mean-interval";
import { spearman } from "../engine/numbers/spearman";
import { printsMore, timesText } from "./claims";
import { formatCardinal, formatFixed, formatShare } from "./numbers";

interface Layer {
  readonly active: number;
  readonly parameters: number;
}

/**
 * What the layers show, in figures: how much of what is active is in the shallowest third, beside what would be there if all
 * weights were active alike. That they hold it is said only where it is clearly more.
 */
export function finding(layers: readonly Layer[]): string {
  const active = sum(layers.map((layer) => layer.active));
  if (active === 0) return "No weight is active at this threshold.";
  if (layers.length === 1) return "All active weights are in the one layer.";
  const count = shallowCount(layers);
  const held = sum(layers.slice(0, count).map((layer) => layer.active)) / active;
  const equal = equalShare(layers);
  const who = count === 1 ? "shallowest layer" : `${formatCardinal(count)} shallowest layers`;
  const beside = `an equal share would be ${formatShare(equal)}`;
  return printsMore(formatShare, held, equal) && timesText(held / equal) !== undefined
    ? `The ${who} ${count === 1 ? "holds" : "hold"} ${formatShare(held)} of the active weights; ${beside}.`
    : `Of the active weights ${formatShare(held)} are in the ${who}; ${beside}.`;
}

/**
 * The same of the texts one by one, each with its own strongest weights, and whether density falls or rises with depth: on average, with
 * the 95 % interval of texts like these. undefined where the texts were not looked at one by one.
 * @param densities per text and layer.
 */
export function textsFinding(layers: readonly Layer[], densities: readonly (readonly number[])[]): string | undefined {
  if (densities.length < 3 || layers.length < 3) return undefined;
  // of a text that activates nothing no layer holds a share
  if (densities.some((ofText) => sum(ofText) === 0)) return undefined;
  const parameters = layers.map((layer) => layer.parameters);
  const held = meanInterval(
    densities.map((ofText) => {
      const active = ofText.map((density, layer) => density * (parameters[layer] ?? 0));
      return sum(active.slice(0, shallowCount(layers))) / sum(active);
    }),
  );
  const trend = meanInterval(densities.map((ofText) => spearman([...ofText.keys()], ofText)));
  const [low, high] = held.interval.map((end) => formatShare(Math.min(1, Math.max(0, end))));
  const equal = equalShare(layers);
  const [from, to] = trend.interval.map((end) => formatRho(Math.min(1, Math.max(-1, end))));
  const rho = `the agreement of density with depth is ${formatRho(trend.mean)} on average (95 % interval ${from} to ${to})`;
  const shared =
    held.interval[0] > equal ? "more than" : held.interval[1] < equal ? "less than" : "not certainly other than";
  const falls = trend.interval[1] < 0 ? "falls" : trend.interval[0] > 0 ? "rises" : "neither certainly falls nor rises";
  return (
    `In the ${densities.length} samples one by one it is ${formatShare(held.mean)} on average (95 % interval ${low} to ${high}), ` +
    `${shared} an equal share; density ${falls} with depth: ${rho}.`
  );
}

const shallowCount = (layers: readonly Layer[]): number => Math.max(1, Math.round(layers.length / 3));

function equalShare(layers: readonly Layer[]): number {
  const parameters = layers.map((layer) => layer.parameters);
  return sum(parameters.slice(0, shallowCount(layers))) / sum(parameters);
}

const formatRho = (rho: number): string => formatFixed(rho, 2).replace(/^-/, "−");

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
