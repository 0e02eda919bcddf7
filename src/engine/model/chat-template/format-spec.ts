import { characterOf, pointCount, unitOffset } from "./characters";
import { spend, spendText } from "./limits";
import { floatDigits, grouped, type FloatType } from "./float-format";
import { TemplateError, unsupported } from "./template-error";
import { toText } from "./text";
import { integerOf, textOf, typeName, Undefined, type Value } from "./values";

interface Spec {
  readonly fill: string;
  readonly align: string | undefined;
  readonly sign: string;
  readonly alternate: boolean;
  readonly width: number;
  readonly group: string;
  readonly precision: number | undefined;
  readonly type: string;
}

const pattern = /^(?:(.)?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?(.)?$/su;

function parse(text: string, value: Value): Spec {
  const match = pattern.exec(text);
  if (!match)
    throw new TemplateError("Value", `Invalid format specifier '${text}' for object of type '${typeName(value)}'`);
  const [, fill, align, sign = "-", zero, alternate, zeros, width, group = "", precision, type = ""] = match;
  if (zero !== undefined) throw unsupported("The option 'z' of a format");
  spendText(Math.max(Number(width ?? 0), Number(precision ?? 0)));
  return {
    fill: fill ?? (zeros === undefined ? " " : "0"),
    align: align ?? (zeros === undefined || typeof value === "string" ? undefined : "="),
    sign,
    alternate: alternate !== undefined,
    width: Number(width ?? 0),
    group,
    precision: precision === undefined ? undefined : Number(precision),
    type,
  };
}

/** Python's `format(value, spec)`. @throws TemplateError */
export function formatValue(value: Value, spec: string): string {
  if (spec === "") return toText(value);
  const text = textOf(value);
  if (text !== undefined) return formatText(text, parse(spec, text));
  const integer = integerOf(value);
  if (integer !== undefined) return formatInteger(value, integer, parse(spec, value));
  if (typeof value === "number") return formatFloat(value, value, parse(spec, value));
  if (value instanceof Undefined) throw value.failure();
  throw new TemplateError("Type", `unsupported format string passed to ${typeName(value)}.__format__`);
}

function unknownCode(type: string, value: Value): TemplateError {
  return new TemplateError("Value", `Unknown format code '${type}' for object of type '${typeName(value)}'`);
}

function formatText(text: string, spec: Spec): string {
  if (spec.type !== "" && spec.type !== "s") throw unknownCode(spec.type, text);
  if (spec.align === "=" || spec.sign !== "-" || spec.alternate || spec.group !== "") {
    throw new TemplateError("Value", "This option is not allowed in string format specifier");
  }
  const cut = spec.precision === undefined ? text : text.slice(0, unitOffset(text, spec.precision));
  return aligned("", cut, spec, "<");
}

/** `sign` and `body` brought to the width. */
function aligned(sign: string, body: string, { fill, align, width }: Spec, usual: string): string {
  const missing = width - pointCount(sign + body);
  if (missing <= 0) return sign + body;
  switch (align ?? usual) {
    case "<":
      return sign + body + fill.repeat(missing);
    case "^":
      return fill.repeat(Math.floor(missing / 2)) + sign + body + fill.repeat(Math.ceil(missing / 2));
    case "=":
      return sign + fill.repeat(missing) + body;
    default:
      return fill.repeat(missing) + sign + body;
  }
}

const BASES: Readonly<Record<string, [number, string]>> = {
  b: [2, "0b"],
  o: [8, "0o"],
  x: [16, "0x"],
  X: [16, "0X"],
  d: [10, ""],
  n: [10, ""],
  "": [10, ""],
};

function formatInteger(value: Value, integer: bigint, spec: Spec): string {
  if ("eEfFgG%".includes(spec.type) && spec.type !== "") return formatFloat(value, Number(integer), spec);
  if (spec.precision !== undefined)
    throw new TemplateError("Value", "Precision not allowed in integer format specifier");
  if (spec.type === "c") return aligned("", characterOf(integer), spec, "<");
  const [base, prefix] = BASES[spec.type] ?? [];
  if (base === undefined) throw unknownCode(spec.type, value);
  let digits = (integer < 0n ? -integer : integer).toString(base);
  if (spec.type === "X") digits = digits.toUpperCase();
  if (spec.group === "," && base !== 10) throw new TemplateError("Value", `Cannot specify ',' with '${spec.type}'.`);
  const sign = signOf(integer < 0n, spec) + (spec.alternate ? prefix : "");
  return aligned(sign, groupedToWidth(digits, spec, sign.length, base === 10 ? 3 : 4), spec, ">");
}

function signOf(negative: boolean, { sign }: Spec): string {
  if (negative) return "-";
  return sign === "-" ? "" : sign;
}

/** Digits in groups; zeros that fill the width are grouped too. */
function groupedToWidth(digits: string, spec: Spec, taken: number, size: number): string {
  if (spec.group === "") return digits;
  let count = digits.length;
  if (spec.fill === "0" && spec.align === "=") {
    while (count + Math.floor((count - 1) / size) < spec.width - taken) count++;
  }
  spend(count);
  return grouped(digits.padStart(count, "0"), spec.group, size);
}

function formatFloat(value: Value, number: number, spec: Spec): string {
  if (!"eEfFgGn%".includes(spec.type)) throw unknownCode(spec.type, value);
  const magnitude = floatDigits(Math.abs(number), spec.type as FloatType, spec.precision, spec.alternate);
  const sign = signOf(number < 0 || Object.is(number, -0), spec);
  const [, whole = "", rest = ""] = /^(\d*)(.*)$/su.exec(magnitude) ?? [];
  const body =
    whole === "" ? rest : groupedToWidth(whole, { ...spec, width: spec.width - rest.length }, sign.length, 3) + rest;
  return aligned(sign, body, spec, ">");
}
