import { asIndex } from "./arguments";
import { replaceCharacters } from "./characters";
import { sorted } from "./compare";
import { PyDict } from "./dict";
import { itemsOf } from "./iterate";
import { boundedText, spend, spendText } from "./limits";
import { floatText } from "./number-text";
import { TemplateError } from "./template-error";
import { integerText } from "./text";
import { Sequence, textOf, truthy, typeName, type Value } from "./values";

interface Style {
  readonly ascii: boolean;
  /** What a level is indented by; undefined for all in one line. */
  readonly indent: string | undefined;
  readonly itemSeparator: string;
  readonly keySeparator: string;
  readonly sortKeys: boolean;
}

/** Options of Python's `json.dumps`, those that transformers hands to it. */
export interface JsonOptions {
  readonly ensureAscii: Value;
  readonly indent: Value;
  readonly separators: Value;
  readonly sortKeys: Value;
}

/** A value as Python's `json.dumps` writes it. @throws TemplateError */
export function toJson(value: Value, { ensureAscii, indent, separators, sortKeys }: JsonOptions): string {
  const unit = indent === null ? undefined : (textOf(indent) ?? " ".repeat(boundedText(Math.max(0, asIndex(indent)))));
  let [itemSeparator, keySeparator] = [unit === undefined ? ", " : ",", ": "];
  if (separators !== null) {
    const [item, key, ...more] = itemsOf(separators).map(textOf);
    if (item === undefined || key === undefined || more.length > 0) {
      throw new TemplateError("Value", "separators must be two texts");
    }
    [itemSeparator, keySeparator] = [item, key];
  }
  const style = { ascii: truthy(ensureAscii), indent: unit, itemSeparator, keySeparator, sortKeys: truthy(sortKeys) };
  return new JsonWriter(style).write(value, 0);
}

class JsonWriter {
  #total = 0;
  readonly #style: Style;

  constructor(style: Style) {
    this.#style = style;
  }

  write(value: Value, level: number): string {
    spend(1);
    const text = this.#compose(value, level);
    // What a list of lists of the same lists would take grows without bound.
    this.#total += text.length;
    boundedText(this.#total / 4);
    spend(text.length / 64);
    return text;
  }

  #compose(value: Value, level: number): string {
    const text = textOf(value);
    if (text !== undefined) return this.#quote(text);
    const scalar = scalarText(value);
    if (scalar !== undefined) return scalar;
    if (value instanceof Sequence) {
      return this.#lines(
        "[",
        value.items.map((item) => this.write(item, level + 1)),
        "]",
        level,
      );
    }
    if (value instanceof PyDict) {
      spend(2 * value.length);
      const pairs = [...value.entries()];
      const ordered = this.#style.sortKeys ? sorted(pairs, ([key]) => key) : pairs;
      const members = ordered.map(
        ([key, item]) => this.#quote(keyText(key)) + this.#style.keySeparator + this.write(item, level + 1),
      );
      return this.#lines("{", members, "}", level);
    }
    throw new TemplateError("Type", `Object of type ${typeName(value)} is not JSON serializable`);
  }

  #lines(open: string, members: readonly string[], close: string, level: number): string {
    const { indent, itemSeparator } = this.#style;
    if (members.length === 0) return open + close;
    if (indent === undefined) return open + members.join(itemSeparator) + close;
    spendText(indent.length * (level + 1) * (members.length + 1));
    const newline = `\n${indent.repeat(level + 1)}`;
    return `${open}${newline}${members.join(itemSeparator + newline)}\n${indent.repeat(level)}${close}`;
  }

  #quote(text: string): string {
    // JSON.stringify escapes what json.dumps escapes, and lone surrogates, which no text from a file has.
    spend(text.length / 32);
    const quoted = JSON.stringify(text);
    if (!this.#style.ascii) return quoted;
    return replaceCharacters(quoted, /[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  }
}

function scalarText(value: Value): string | undefined {
  switch (typeof value) {
    case "boolean":
      return value ? "true" : "false";
    case "bigint":
      return integerText(value);
    case "number":
      if (Number.isNaN(value)) return "NaN";
      return Number.isFinite(value) ? floatText(value) : value > 0 ? "Infinity" : "-Infinity";
    default:
      return value === null ? "null" : undefined;
  }
}

function keyText(key: Value): string {
  const text = textOf(key) ?? scalarText(key);
  if (text === undefined) {
    throw new TemplateError("Type", `keys must be str, int, float, bool or None, not ${typeName(key)}`);
  }
  return text;
}
