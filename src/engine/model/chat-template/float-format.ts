import { exactDecimal, exponentText, floatText, scientific, toPlaces } from "./number-text";

/** How a float is written: `f`, `e`, `g` as in C, `%` as a percentage, "" as Python's `repr` with at least one digit. */
export type FloatType = "" | "e" | "E" | "f" | "F" | "g" | "G" | "n" | "%";

/** A float that is not negative, in digits. */
export function floatDigits(value: number, type: FloatType, precision: number | undefined, alternate: boolean): string {
  const text = digitsOf(value, type, precision, alternate);
  return type === "E" || type === "F" || type === "G" ? text.toUpperCase() : text;
}

function digitsOf(value: number, type: FloatType, precision: number | undefined, alternate: boolean): string {
  if (!Number.isFinite(value)) return (Number.isNaN(value) ? "nan" : "inf") + (type === "%" ? "%" : "");
  switch (type) {
    case "e":
    case "E": {
      const { mantissa, exponent } = scientific(exactDecimal(value), precision ?? 6);
      return `${mantissa}${alternate && precision === 0 ? "." : ""}${exponentText(exponent)}`;
    }
    case "f":
    case "F":
      return fixed(value, precision ?? 6, alternate);
    case "%": {
      const percent = value * 100;
      return Number.isFinite(percent) ? `${fixed(percent, precision ?? 6, alternate)}%` : "inf%";
    }
    case "":
      if (precision === undefined) return floatText(value);
      return general(value, precision, alternate, true);
    default:
      return general(value, precision ?? 6, alternate, false);
  }
}

function fixed(value: number, places: number, alternate: boolean): string {
  return toPlaces(exactDecimal(value), places) + (alternate && places === 0 ? "." : "");
}

/** `%g`: with an exponent where the number is very small or large, without zeros at its end. */
function general(value: number, precision: number, alternate: boolean, likeRepr: boolean): string {
  const significant = Math.max(1, precision);
  const decimal = exactDecimal(value);
  const { mantissa, exponent } = scientific(decimal, significant - 1);
  const trim = (text: string): string => {
    if (alternate) return text.includes(".") ? text : `${text}.`;
    return text.includes(".") ? withoutZeros(text) : text;
  };
  // What is written like a repr has a digit behind the point, and needs room for it.
  if (exponent < -4 || exponent >= significant - (likeRepr ? 1 : 0)) return trim(mantissa) + exponentText(exponent);
  const places = Math.max(0, significant - 1 - exponent);
  const text = trim(toPlaces(decimal, places));
  return likeRepr && !text.includes(".") ? `${text}.0` : text;
}

/** Without zeros at the end of what is behind the point, by hand: a regular expression looks at each run of zeros. */
function withoutZeros(text: string): string {
  let end = text.length;
  while (text[end - 1] === "0") end--;
  return text.slice(0, text[end - 1] === "." ? end - 1 : end);
}

/** Digits in groups of `size` from the right. */
export function grouped(digits: string, separator: string, size: number): string {
  const first = digits.length % size || size;
  const groups = [digits.slice(0, first)];
  for (let i = first; i < digits.length; i += size) groups.push(digits.slice(i, i + size));
  return groups.join(separator);
}
