import { scaled } from "../engine/numbers/scaled";

/* Figures as people read them: at most three significant digits, with units. Counts of things are exact. */

/** `0.87`, `12.3`, `3.1e-7` */
export function formatNumber(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e6) return String(Number(value.toPrecision(3)));
  return value.toExponential(2).replace(/\.?0*e\+?/, "e");
}

/** A number for a sentence, with the sign that one reads: `−0.0055` */
export function formatSigned(value: number): string {
  return formatNumber(value).replace(/^-/, "−");
}

/** A number for a column, with three significant digits, whatever they are: `3.10e-7` */
export function formatExponential(value: number): string {
  return value === 0 ? "0" : value.toExponential(2).replace("e+", "e");
}

/** A number for a column, with so many decimals, and never `-0.000`. */
export function formatFixed(value: number, decimals: number): string {
  return value.toFixed(decimals).replace(/^-(0\.?0*)$/, "$1");
}

/** `1,234`; of whole numbers without the locales, whose data a command would wait 20 ms for. */
export function formatCount(value: number): string {
  return Number.isSafeInteger(value) ? String(value).replace(/\B(?=(?:\d{3})+$)/g, ",") : value.toLocaleString("en-US");
}

/** `5.5M`, `135M`, `6.74B` */
export function formatCompact(value: number): string {
  return scaled(value, ["", "k", "M", "B", "T"]).join("");
}

/** A share for a sentence: `46 %`, `5.7 %`, `0.03 %`; what is not all is never `100 %`, but `99.7 %`. */
export function formatShare(share: number): string {
  const percent = 100 * share;
  const digits = percent >= 9.95 ? wholeUnlessAll(percent) : percent.toPrecision(2);
  return `${Number(digits)} %`;
}

function wholeUnlessAll(percent: number): string {
  const places = percent < 100 ? [0, 1, 2, 3].find((count) => Number(percent.toFixed(count)) < 100) : 0;
  return percent.toFixed(places ?? 0);
}

/** How much more or less: `+37 %`, `−0.3 %` */
export function formatChange(share: number): string {
  return `${share < 0 ? "−" : share > 0 ? "+" : ""}${formatShare(Math.abs(share))}`;
}

/** A share for a column, with one decimal: `18.4 %`; something that would round to nothing is `<0.1 %`. */
export function formatDensity(share: number): string {
  const percent = 100 * share;
  return percent > 0 && percent < 0.05 ? "<0.1 %" : `${percent.toFixed(1)} %`;
}

/** `0.4 s`, `2.1 s`, `40 s`, `3 min 20 s`, `1 h 5 min` */
export function formatDuration(seconds: number): string {
  if (seconds < 9.95) return `${Number(seconds.toFixed(seconds < 0.095 ? 2 : 1))} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const small = "zero one two three four five six seven eight nine ten eleven twelve".split(" ");

/** `ten`, `13` */
export function formatCardinal(count: number): string {
  return small[count] ?? formatCount(count);
}
