import { asIndex, bind } from "./arguments";
import type { Filter } from "./filter-types";
import { floatDigits } from "./float-format";
import { boundedBits, spend } from "./limits";
import { numberFrom } from "./number-from";
import { exactDecimal, roundedDigits } from "./number-text";
import { binary, divideIntegers } from "./operators";
import { isError, TemplateError } from "./template-error";
import { integerOf, numeric, textOf, truthy, typeName, Undefined, type Value } from "./values";

const toInteger: Filter = (value, given) => {
  const [fallback = 0n, base = 10n] = bind("int", "default? base?", given);
  try {
    const text = textOf(value);
    return text === undefined ? numberFrom.integer(value) : numberFrom.integerOfText(text, asIndex(base));
  } catch (error) {
    if (!isError(error, "Type", "Value")) throw error;
  }
  try {
    return numberFrom.integerOfFloat(numberFrom.float(value));
  } catch (error) {
    if (isError(error, "Type", "Value", "Overflow")) return fallback;
    throw error;
  }
};

const toFloat: Filter = (value, given) => {
  const [fallback = 0] = bind("float", "default?", given);
  try {
    return numberFrom.float(value);
  } catch (error) {
    if (isError(error, "Type", "Value")) return fallback;
    throw error;
  }
};

/** Python's `round(value, digits)`: half to even. */
function roundTo(value: bigint | number, digits: number): Value {
  if (typeof value === "bigint") {
    if (digits >= 0) return value;
    spend(boundedBits(-4 * digits) / 32 + 256);
    const rounded = roundedDigits(exactDecimal(value), digits) * 10n ** BigInt(-digits);
    return value < 0n ? -rounded : rounded;
  }
  if (!Number.isFinite(value) || digits > 323) return value;
  if (digits < -400) return value < 0 || Object.is(value, -0) ? -0 : 0;
  const decimal = exactDecimal(value);
  const rounded = Number(`${roundedDigits(decimal, digits)}e${-digits}`);
  return decimal.negative ? -rounded : rounded;
}

const round: Filter = (value, given) => {
  const [precision = 0n, method = "common"] = bind("round", "precision? method?", given);
  const how = textOf(method);
  if (how !== "common" && how !== "ceil" && how !== "floor") {
    throw new TemplateError("Value", "method must be common, ceil or floor");
  }
  if (value instanceof Undefined) throw value.failure();
  const number = numeric(value);
  if (number === undefined) throw new TemplateError("Type", `type ${typeName(value)} doesn't define __round__ method`);
  if (how === "common") return roundTo(number, asIndex(precision));
  const factor = binary("**", 10n, precision);
  const scaled = numeric(binary("*", number, factor)) ?? 0n;
  const whole =
    typeof scaled === "bigint"
      ? scaled
      : numberFrom.integerOfFloat(how === "ceil" ? Math.ceil(scaled) : Math.floor(scaled));
  return typeof factor === "bigint" ? divideIntegers(whole, factor) : binary("/", whole, factor);
};

const fileSize: Filter = (value, given) => {
  const [isBinary = false] = bind("filesizeformat", "binary?", given);
  const bytes = numberFrom.float(value);
  const base = truthy(isBinary) ? 1024 : 1000;
  if (bytes === 1) return "1 Byte";
  if (bytes < base) return `${numberFrom.integerOfFloat(bytes)} Bytes`;
  const letters = [...(truthy(isBinary) ? "KMGTPEZY" : "kMGTPEZY")];
  const power = letters.findIndex((_, index) => bytes < base ** (index + 2));
  const index = power < 0 ? letters.length - 1 : power;
  const scaled = floatDigits((base * bytes) / base ** (index + 2), "f", 1, false);
  return `${scaled} ${letters[index]}${truthy(isBinary) ? "iB" : "B"}`;
};

/** Filters of numbers, by name. */
export const numberFilters = {
  int: toInteger,
  float: toFloat,
  round,
  filesizeformat: fileSize,
  abs: (value, given) => {
    bind("abs", "", given);
    if (value instanceof Undefined) throw value.failure();
    const number = integerOf(value) ?? numeric(value);
    if (number === undefined) throw new TemplateError("Type", `bad operand type for abs(): '${typeName(value)}'`);
    return typeof number === "bigint" ? (number < 0n ? -number : number) : Math.abs(number);
  },
} satisfies Readonly<Record<string, Filter>>;
