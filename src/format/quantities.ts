import type { Threshold } from "../engine/api";

/* Quantities as a person writes them, in an option or a setting. undefined: it is none. */

/** `10%`: that share of all scored parameters. `5e-6`: every activation of at least that. */
export function readThreshold(text: string): Threshold | undefined {
  const [, percent] = /^(.*?)\s*%$/.exec(text) ?? [];
  const value = readDecimal(percent ?? text);
  if (percent !== undefined) return value > 0 && value <= 100 ? { mode: "share", share: value / 100 } : undefined;
  return value >= 0 ? { mode: "absolute", tau: value } : undefined;
}

/** `0.5`, `50%`; also what lies outside 0 … 1. */
export function readShare(text: string): number | undefined {
  const [, sign, number = "", percent] = /^(-?)(.*?)\s*(%?)$/.exec(text) ?? [];
  const value = readDecimal(number) / (percent ? 100 : 1);
  return Number.isNaN(value) ? undefined : sign ? -value : value;
}

/** A share between nothing and all: `20%`, `0.2`. */
export function readPart(text: string): number | undefined {
  const share = readShare(text.trim());
  return share !== undefined && share > 0 && share < 1 ? share : undefined;
}

const unitBytes: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** `2GiB`, `1.5 GB`, `800M`, in bytes. */
export function readBytes(text: string): number | undefined {
  const [, number = "", unit = ""] = /^([\d.]+)\s*([a-z]*)$/i.exec(text) ?? [];
  const bytes = Math.floor(readDecimal(number) * (unitBytes[unit.toLowerCase()] ?? NaN));
  return bytes > 0 ? bytes : undefined;
}

function readDecimal(text: string): number {
  return /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
}
