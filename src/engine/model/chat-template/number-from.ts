import { replaceCharacters, strip } from "./characters";
import { boundedBits, spend } from "./limits";
import { TemplateError } from "./template-error";
import { quoted } from "./text";
import { numeric, textOf, typeName, Undefined, type Value } from "./values";

const floatLiteral = /^[+-]?(?:(?:\d(?:_?\d)*)?(?:\.(?:\d(?:_?\d)*)?)?(?:e[+-]?\d(?:_?\d)*)?|inf(?:inity)?|nan)$/iu;
const prefixes: Readonly<Record<string, number>> = { "0b": 2, "0o": 8, "0x": 16 };

/** The int part of a float. @throws TemplateError where it has none */
function integerOfFloat(value: number): bigint {
  if (Number.isNaN(value)) throw new TemplateError("Value", "cannot convert float NaN to integer");
  if (!Number.isFinite(value)) throw new TemplateError("Overflow", "cannot convert float infinity to integer");
  return BigInt(Math.trunc(value));
}

/** Python's `int(text, base)`. @throws TemplateError */
function integerOfText(text: string, base: number): bigint {
  spend(text.length / 2);
  const invalid = (): TemplateError =>
    new TemplateError("Value", `invalid literal for int() with base ${base}: ${quoted(text)}`);
  if (base !== 0 && (base < 2 || base > 36))
    throw new TemplateError("Value", "int() base must be >= 2 and <= 36, or 0");
  const [, sign = "", prefix = "", rest = ""] =
    /^([+-]?)(0[box](?=_?[\da-z]))?([^]*)$/iu.exec(asciiDigits(strip(text))) ?? [];
  const prefixBase = prefixes[prefix.toLowerCase()];
  const isPrefix = prefixBase !== undefined && (base === 0 || base === prefixBase);
  const actual = isPrefix ? prefixBase : base === 0 ? 10 : base;
  const body = isPrefix ? rest.replace(/^_/, "") : prefix + rest;
  if (!/^[\da-z]+(?:_[\da-z]+)*$/iu.test(body)) throw invalid();
  const digits = body.replaceAll("_", "");
  if (base === 0 && !isPrefix && /^0+[1-9]/.test(digits)) throw invalid();
  boundedBits(digits.length * 6);
  spend(digits.length ** 2 / 512);
  if (digits.length > 4300 && (actual & (actual - 1)) !== 0) {
    throw new TemplateError("Value", "Exceeds the limit (4300 digits) for integer string conversion");
  }
  let value = 0n;
  for (const digit of digits) {
    const number = parseInt(digit, 36);
    if (!(number < actual)) throw invalid();
    value = value * BigInt(actual) + BigInt(number);
  }
  return sign === "-" ? -value : value;
}

/** Decimal digits of any script as ASCII's. */
function asciiDigits(text: string): string {
  return replaceCharacters(text, /(?![0-9])\p{Nd}/gu, (digit) => {
    // Digits of a script stand in a row, ten of them, from a zero that has no digit before it at a distance of ten.
    let zero = digit.codePointAt(0) ?? 0;
    const code = zero;
    while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1)) && code - zero < 9) zero--;
    return String((code - zero) % 10);
  });
}

/** Python's `float(value)`. @throws TemplateError */
function float(value: Value): number {
  const text = textOf(value);
  if (text !== undefined) {
    spend(text.length / 2);
    const literal = asciiDigits(strip(text));
    if (!floatLiteral.test(literal) || !/\d|inf|nan/iu.test(literal) || /^[+-]?\.?e/iu.test(literal)) {
      throw new TemplateError("Value", `could not convert string to float: ${quoted(text)}`);
    }
    if (/nan/iu.test(literal)) return NaN;
    if (/inf/iu.test(literal)) return literal.startsWith("-") ? -Infinity : Infinity;
    return Number(literal.replaceAll("_", ""));
  }
  const number = numeric(value);
  if (number === undefined) {
    if (value instanceof Undefined) throw value.failure();
    throw new TemplateError("Type", `float() argument must be a string or a real number, not '${typeName(value)}'`);
  }
  const result = Number(number);
  if (typeof number === "bigint" && !Number.isFinite(result)) {
    throw new TemplateError("Overflow", "int too large to convert to float");
  }
  return result;
}

/** Python's `int(value)`, for what is no text. @throws TemplateError */
function integer(value: Value): bigint {
  const number = numeric(value);
  if (typeof number === "bigint") return number;
  if (number !== undefined) return integerOfFloat(number);
  if (value instanceof Undefined) throw value.failure();
  throw new TemplateError(
    "Type",
    `int() argument must be a string, a bytes-like object or a real number, not '${typeName(value)}'`,
  );
}

/** Python's conversions to numbers. */
export const numberFrom = { integerOfFloat, integerOfText, float, integer };
