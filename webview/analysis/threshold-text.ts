/* What people write into the fields of a threshold. Undefined where it is none. */

/** `10 %`, `10%`, `10`: in percent, above 0 and at most 100. */
export function parseShare(text: string): number | undefined {
  const percent = numberIn(text.replace(/%\s*$/, ""));
  return percent !== undefined && percent > 0 && percent <= 100 ? percent / 100 : undefined;
}

/** `3.1e-7`: above 0. */
export function parseTau(text: string): number | undefined {
  const tau = numberIn(text);
  return tau !== undefined && tau > 0 ? tau : undefined;
}

function numberIn(text: string): number | undefined {
  const trimmed = text.trim().replace(",", ".");
  const value = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) ? Number(trimmed) : NaN;
  return Number.isFinite(value) ? value : undefined;
}
