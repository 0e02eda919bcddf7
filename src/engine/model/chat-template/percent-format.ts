import { characterOf, pointCount, replaceCharacters, TextBuilder, unitOffset } from "./characters";
import { PyDict } from "./dict";
import { floatDigits } from "./float-format";
import { boundedText, spend, spendText, spendWalk } from "./limits";
import { numberFrom } from "./number-from";
import { TemplateError } from "./template-error";
import { escapeCode, toRepr, toText } from "./text";
import { integerOf, numeric, PyObject, PyTuple, textOf, typeName, Undefined, type Value } from "./values";

const conversion = /%(?:\(([^)]*)\))?([-#0 +]*)(\*|\d+)?(?:\.(\*|\d*))?[hlL]?([^]?)/gu;

/** A field of a format, such as `%-8.3f`. */
interface Field {
  /** The conversion: `f`, `s`, `d`, … */
  readonly type: string;
  /** Whether it is padded on the right, rather than on the left. */
  readonly left: boolean;
  readonly zero: boolean;
  readonly alternate: boolean;
  /** The sign of what is not negative: `+`, a space or nothing. */
  readonly sign: string;
  /** The least width, in code points. */
  readonly width: number;
  readonly precision: number | undefined;
}

/**
 * Python's `format % values`: a tuple's items one by one, any other value as the only one. With `escape` what is put in
 * as text is escaped.
 *
 * @throws TemplateError
 */
export function formatPercent(format: string, values: Value, escape?: (value: Value) => string): string {
  const items = values instanceof PyTuple ? values.items : [values];
  let used = 0;
  const next = (): Value => {
    const item = items[used++];
    if (item === undefined) throw new TemplateError("Type", "not enough arguments for format string");
    return item;
  };
  let named = false;
  const count = (text: string | undefined): number | undefined => {
    if (text === undefined) return undefined;
    const given = text === "*" ? integerOf(next()) : BigInt(text || "0");
    if (given === undefined) throw new TemplateError("Type", "* wants int");
    spendText(Math.abs(Number(given)));
    return Number(given);
  };
  const field = (groups: readonly (string | undefined)[]): string => {
    const [key, flags = "", widthText, precisionText, type = ""] = groups;
    if (key !== undefined) named = true;
    const width = count(widthText) ?? 0;
    const precision = count(precisionText);
    if (type === "%") return "%";
    if (type === "") throw new TemplateError("Value", "incomplete format");
    const value = key === undefined ? next() : inMapping(values, key);
    const options = {
      type,
      left: flags.includes("-") || width < 0,
      zero: flags.includes("0"),
      alternate: flags.includes("#"),
      sign: flags.includes("+") ? "+" : flags.includes(" ") ? " " : "",
      width: Math.abs(width),
      precision,
    };
    return convert(value, options, escape ?? toText);
  };
  const result = replaceFields(format, field);
  // What could be a mapping may have more than the format asks for; a text or a number may not.
  const mayHaveMore =
    named || (values instanceof PyObject && !(values instanceof PyTuple) && textOf(values) === undefined);
  if (used < items.length && !mayHaveMore) {
    throw new TemplateError("Type", "not all arguments converted during string formatting");
  }
  return result;
}

/** `format` with its fields written, one after the other: all matches at once would take much memory. */
function replaceFields(format: string, write: (groups: readonly (string | undefined)[]) => string): string {
  spendWalk(format.length);
  const built = new TextBuilder();
  let from = 0;
  let length = 0;
  for (const match of format.matchAll(conversion)) {
    spend(4);
    const [whole, ...groups] = match;
    const text = write(groups);
    length = boundedText(length + match.index - from + text.length);
    built.add(format.slice(from, match.index));
    built.add(text);
    from = match.index + whole.length;
  }
  built.add(format.slice(from));
  return built.toString();
}

function inMapping(values: Value, key: string): Value {
  if (!(values instanceof PyDict)) throw new TemplateError("Type", "format requires a mapping");
  const value = values.get(key);
  if (value === undefined) throw new TemplateError("Lookup", `'${key}'`);
  return value;
}

/** `value` as a field writes it; `write` gives the text of what is put in as text. @throws TemplateError */
function convert(value: Value, field: Field, write: (value: Value) => string): string {
  const { type, width, precision } = field;
  const pad = (sign: string, body: string, mayZero: boolean): string => {
    const missing = Math.max(0, width - pointCount(sign + body));
    if (field.left) return sign + body + " ".repeat(missing);
    return mayZero && field.zero ? sign + "0".repeat(missing) + body : " ".repeat(missing) + sign + body;
  };
  const signOf = (negative: boolean): string => (negative ? "-" : field.sign);
  switch (type) {
    case "s":
    case "r":
    case "a": {
      const written = write(type === "s" ? value : toRepr(value));
      const text = type === "a" ? replaceCharacters(written, /[^\0-\x7f]/gu, escapeCode) : written;
      return pad("", precision === undefined ? text : text.slice(0, unitOffset(text, precision)), false);
    }
    case "c": {
      const text = textOf(value) ?? character(value);
      if (pointCount(text) !== 1) throw new TemplateError("Type", "%c requires int or char");
      return pad("", text, false);
    }
    case "d":
    case "i":
    case "u":
    case "o":
    case "x":
    case "X": {
      const integer = integerFor(value, type);
      const base = type === "o" ? 8 : type === "x" || type === "X" ? 16 : 10;
      const digits = (integer < 0n ? -integer : integer).toString(base).padStart(precision ?? 0, "0");
      const prefix = field.alternate && base !== 10 ? `0${type}` : "";
      return pad(signOf(integer < 0n) + prefix, type === "X" ? digits.toUpperCase() : digits, true);
    }
    case "e":
    case "E":
    case "f":
    case "F":
    case "g":
    case "G": {
      const number = floatFor(value);
      const digits = floatDigits(Math.abs(number), type, precision, field.alternate);
      return pad(signOf(number < 0 || Object.is(number, -0)), digits, Number.isFinite(number));
    }
    default:
      throw new TemplateError("Value", `unsupported format character '${type}'`);
  }
}

function character(value: Value): string {
  const code = integerOf(value);
  return code === undefined ? "" : characterOf(code);
}

function integerFor(value: Value, type: string): bigint {
  const number = numeric(value);
  if (typeof number === "bigint") return number;
  if (number !== undefined && "diu".includes(type)) return numberFrom.integerOfFloat(number);
  if (value instanceof Undefined && "diu".includes(type)) throw value.failure();
  throw new TemplateError("Type", `%${type} format: a number is required, not ${typeName(value)}`);
}

function floatFor(value: Value): number {
  const number = numeric(value);
  if (number !== undefined) return numberFrom.float(number);
  if (value instanceof Undefined) throw value.failure();
  if (textOf(value) !== undefined) throw new TemplateError("Type", "must be real number, not str");
  throw new TemplateError("Type", `must be real number, not ${typeName(value)}`);
}
