import { replaceCharacters } from "./characters";
import { DictView, PyDict } from "./dict";
import { boundedText, spend } from "./limits";
import { floatText } from "./number-text";
import { TemplateError, unsupported } from "./template-error";
import { Markup, type PyObject, PyList, PyRange, PyTuple, Undefined, type Value, typeName } from "./values";

/** An object that says itself how it prints. */
export interface Printable {
  repr(write: (value: Value) => string): string;
}

/** A value as Python's `str` writes it: what `{{ … }}` prints. @throws TemplateError */
export function toText(value: Value): string {
  if (typeof value === "string") return value;
  if (value instanceof Markup) return value.text;
  if (value instanceof Undefined) return "";
  return toRepr(value);
}

/** A value as Python's `repr` writes it: a text in quotes. @throws TemplateError */
export function toRepr(value: Value): string {
  let total = 0;
  const write = (item: Value): string => {
    spend(3);
    const text = reprOf(item, write);
    // What a list of lists of the same lists would take grows without bound.
    total += text.length;
    boundedText(total / 4);
    spend(text.length / 64);
    return text;
  };
  return write(value);
}

function reprOf(value: Value, write: (value: Value) => string): string {
  switch (typeof value) {
    case "boolean":
      return value ? "True" : "False";
    case "bigint":
      return integerText(value);
    case "number":
      return floatText(value);
    case "string":
      return quoted(value);
    default:
      return value === null ? "None" : objectRepr(value, write);
  }
}

/** An int in digits. @throws TemplateError where Python refuses: it has more than 4300. */
export function integerText(value: bigint): string {
  // Its digits take long where there are far more than Python writes.
  spend(BigInt.asIntN(64, value) === value ? 0 : 256);
  const text = value.toString();
  if (text.length > 4300 + (value < 0n ? 1 : 0)) {
    throw new TemplateError("Value", "Exceeds the limit (4300 digits) for integer string conversion");
  }
  return text;
}

function objectRepr(value: PyObject, write: (value: Value) => string): string {
  if (value instanceof PyList) return `[${value.items.map(write).join(", ")}]`;
  if (value instanceof PyTuple) return `(${value.items.map(write).join(", ")}${value.items.length === 1 ? "," : ""})`;
  if (value instanceof PyDict) return `{${[...value.entries()].map((pair) => pair.map(write).join(": ")).join(", ")}}`;
  if (value instanceof DictView) {
    return `${value.typeName}([${[...{ [Symbol.iterator]: () => value.iterate() }].map(write).join(", ")}])`;
  }
  if (value instanceof PyRange) {
    return `range(${value.start}, ${value.stop}${value.step === 1n ? "" : `, ${value.step}`})`;
  }
  if (value instanceof Markup) return `Markup(${quoted(value.text)})`;
  if (value instanceof Undefined) return "Undefined";
  if ("repr" in value) return (value as PyObject & Printable).repr(write);
  // Python writes an address in memory.
  throw unsupported(`Printing a value of the type '${typeName(value)}'`);
}

const ESCAPES: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };
/** What Python does not print: other, and separators but for the space. */
const unprintable = /(?! )[\\\p{C}\p{Z}]/gu;

/** A text in quotes, as Python writes it. */
export function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = replaceCharacters(text, unprintable, (character) => ESCAPES[character] ?? escapeCode(character));
  return quote + (quote === "'" ? escaped.replace(/'/g, "\\'") : escaped) + quote;
}

/** A character by its number: `\x85`, `\u2028`, `\U000f0000`. */
export function escapeCode(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  if (code.length <= 2) return `\\x${code.padStart(2, "0")}`;
  return code.length <= 4 ? `\\u${code.padStart(4, "0")}` : `\\U${code.padStart(8, "0")}`;
}
