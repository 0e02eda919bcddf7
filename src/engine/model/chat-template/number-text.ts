import { spend } from "./limits";

/**
 * A finite number as digits and the place of the decimal point: 0.d₁d₂… · 10^point. It is the number's exact value, of
 * which there are up to a thousand digits.
 */
export interface Decimal {
  readonly negative: boolean;
  /** Without leading zeros; empty for zero. */
  readonly digits: string;
  readonly point: number;
}

/** The exact value of a finite number. */
export function exactDecimal(value: number | bigint): Decimal {
  if (typeof value === "bigint") {
    const digits = (value < 0n ? -value : value).toString().replace(/^0$/, "");
    return { negative: value < 0n, digits, point: digits.length };
  }
  const negative = value < 0 || Object.is(value, -0);
  let integer = Math.abs(value);
  let binary = 0;
  // Halves until nothing is behind the point: exact, as a number is an integer times a power of two.
  while (!Number.isInteger(integer)) {
    integer *= 2;
    binary++;
  }
  spend(40 + binary / 3);
  const digits = (BigInt(integer) * 5n ** BigInt(binary)).toString().replace(/^0$/, "");
  return { negative, digits, point: digits.length - binary };
}

/** `decimal` rounded to `places` behind the point, half to even as Python rounds: its digits as an integer. */
export function roundedDigits({ digits, point }: Decimal, places: number): bigint {
  const kept = point + places;
  if (kept >= digits.length) return BigInt(digits || "0") * 10n ** BigInt(kept - digits.length);
  if (kept < 0) return 0n;
  const whole = BigInt(digits.slice(0, kept) || "0");
  const rest = digits.slice(kept);
  const half = /^50*$/.test(rest);
  const up = half ? whole % 2n === 1n : rest >= "5";
  return up ? whole + 1n : whole;
}

/** A float has no more digits that are not zero, before and behind its point. */
const MAX_PLACES = 1100;

/** `decimal` with `places` digits behind the point: many zeros are not calculated. */
export function toPlaces(decimal: Decimal, places: number): string {
  const exact = Math.min(places, MAX_PLACES);
  return withPoint(roundedDigits(decimal, exact), exact) + "0".repeat(places - exact);
}

/** Digits before and behind a point. */
export function withPoint(digits: bigint, places: number): string {
  const text = digits.toString().padStart(places + 1, "0");
  return places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`;
}

/** A decimal in scientific notation, without its sign: one digit, `places` more and an exponent of two digits or more, `1.50e+07`. */
export function scientific(decimal: Decimal, places: number): { mantissa: string; exponent: number } {
  if (places > MAX_PLACES) {
    const { mantissa, exponent } = scientific(decimal, MAX_PLACES);
    return { mantissa: mantissa + "0".repeat(places - MAX_PLACES), exponent };
  }
  if (decimal.digits === "") return { mantissa: withPoint(0n, places), exponent: 0 };
  let exponent = decimal.point - 1;
  let digits = roundedDigits({ ...decimal, point: 1 }, places);
  if (digits.toString().length > places + 1) {
    digits /= 10n;
    exponent++;
  }
  return { mantissa: withPoint(digits, places), exponent };
}

export function exponentText(exponent: number): string {
  return `e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

/** A float as Python's `repr` writes it: the shortest digits that give it back, `1.0`, `1e+16`, `inf`. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  spend(8);
  const [, sign, first, , rest = "", power] = /^(-?)(\d)(\.(\d+))?e([+-]\d+)$/.exec(value.toExponential()) ?? [];
  const negative = Object.is(value, -0) ? "-" : sign;
  const exponent = Number(power);
  const digits = first + rest;
  if (exponent < -4 || exponent >= 16) return `${negative}${first}${rest && `.${rest}`}${exponentText(exponent)}`;
  if (exponent < 0) return `${negative}0.${"0".repeat(-exponent - 1)}${digits}`;
  const padded = digits.padEnd(exponent + 1, "0");
  return `${negative}${padded.slice(0, exponent + 1)}.${padded.slice(exponent + 1) || "0"}`;
}
