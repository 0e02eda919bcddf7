import { elementAt } from "../../src/engine/numbers/elements";
import type { Tick } from "./axes";

/** A scale of values: the lowest that is shown lies at 0, the highest at 1. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  position(value: number): number;
}

/** A linear scale from 0 to the highest value. */
export function linearScale(values: Iterable<number>): Scale {
  let high = 0;
  for (const value of values) high = Math.max(high, value);
  return { low: 0, high, position: (value) => (high > 0 ? clamp(value / high) : 0) };
}

/** A linear scale from the lowest value to the highest. */
export function rangeScale(values: readonly number[]): Scale {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return { low, high, position: (value) => (high > low ? (value - low) / (high - low) : 0) };
}

/** A logarithmic scale from the lowest value above 0 to the highest; 0 itself lies at 0. */
export function logScale(values: Iterable<number>): Scale {
  let low = Infinity;
  let high = 0;
  for (const value of values) {
    if (value <= 0) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (high === 0) return { low: 0, high: 0, position: () => 0 };
  const span = Math.log(high / low);
  return {
    low,
    high,
    position: (value) => (value <= 0 ? 0 : span > 0 ? clamp(Math.log(value / low) / span) : 1),
  };
}

/** Powers of ten within a range, at most `most`: `1e-6`, `1e-5`, … */
export function decades(low: number, high: number, most: number): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  const step = Math.max(1, Math.ceil((last - first + 1) / Math.max(1, most)));
  const ticks: number[] = [];
  for (let exponent = Math.ceil(first / step) * step; exponent <= last; exponent += step) {
    ticks.push(Number(`1e${exponent}`));
  }
  return ticks;
}

/** The value nearest to this one within limits: from 0 to 1 unless given. */
export function clamp(value: number, low = 0, high = 1): number {
  return Math.min(high, Math.max(low, value));
}

/** Round values from low to high, about `most` of them: `0.2, 0.4, …` */
export function evenTicks(low: number, high: number, most: number): number[] {
  const rough = (high - low) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough * 0.999) ?? rough;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
}

/** Round values from low to high, about `most` of them, with what is written beside the scale. */
export function numberTicks(low: number, high: number, most = 5): Tick[] {
  return evenTicks(low, high, most).map((value) => ({ value, text: String(Number(value.toFixed(3))) }));
}

/** The round value at or above `high` that ends a scale from 0 with about `most` ticks. */
export function roundedUp(high: number, most: number): number {
  const step = elementAt(evenTicks(0, high, most), 1);
  return step * Math.ceil(high / step - 1e-9);
}

/** 1, 2, 5, 10, … within a range; powers of ten alone where that would be many. */
export function roundTicks(low: number, high: number): number[] {
  const powers = Array.from(
    { length: Math.ceil(Math.log10(high)) - Math.floor(Math.log10(low)) + 1 },
    (_, i) => Math.floor(Math.log10(low)) + i,
  );
  const within = (factors: readonly number[]) =>
    powers
      .flatMap((power) => factors.map((factor) => Number(`${factor}e${power}`)))
      .filter((tick) => tick >= low && tick <= high);
  const fine = within([1, 2, 5]);
  return fine.length <= 6 ? fine : within([1]);
}
