import { replaceCharacters } from "./characters";
import { boundedText, spend, spendWalk } from "./limits";
import { PyDict } from "./dict";
import { formatValue } from "./format-spec";
import { TemplateError } from "./template-error";
import { escapeCode, toRepr, toText } from "./text";
import type { CallArguments, Value } from "./values";

/** How a field goes on from its argument; handed in, since what it finds can be a method, and `format` is one. */
export interface Lookup {
  /** `value.name` @throws TemplateError */
  attribute(value: Value, name: string): Value;
  /** `value[key]` @throws TemplateError */
  item(value: Value, key: Value): Value;
}

interface Fields {
  readonly lookup: Lookup;
  readonly given: CallArguments;
  readonly mapping: Value | undefined;
  /** The number of the next field without one; undefined once fields have numbers of their own. */
  next: number | undefined;
  numbered: boolean;
}

/** Python's `str.format`; with `mapping` its `format_map`. @throws TemplateError */
export function formatWith(template: string, given: CallArguments, lookup: Lookup, mapping?: Value): string {
  return expand(template, { lookup, given, mapping, next: 0, numbered: false }, 2);
}

function expand(template: string, fields: Fields, depth: number): string {
  if (depth < 0) throw new TemplateError("Value", "Max string recursion exceeded");
  spendWalk(template.length);
  let result = "";
  let at = 0;
  while (at < template.length) {
    const brace = /[{}]/.exec(template.slice(at));
    if (!brace) return result + template.slice(at);
    result += template.slice(at, at + brace.index);
    at += brace.index;
    if (template[at + 1] === brace[0]) {
      spend(4);
      result += brace[0];
      at += 2;
      continue;
    }
    if (brace[0] === "}") throw new TemplateError("Value", "Single '}' encountered in format string");
    spend(4);
    const end = closing(template, at);
    result += expandField(template.slice(at + 1, end), fields, depth);
    boundedText(result.length);
    at = end + 1;
  }
  return result;
}

/** Where the field that opens at `from` closes. */
function closing(template: string, from: number): number {
  let open = 0;
  for (let i = from; i < template.length; i++) {
    if (template[i] === "{") open++;
    else if (template[i] === "}" && --open === 0) return i;
  }
  throw new TemplateError(
    "Value",
    from + 1 === template.length ? "Single '{' encountered in format string" : "expected '}' before end of string",
  );
}

function expandField(field: string, fields: Fields, depth: number): string {
  const [, name = "", conversion, spec = ""] =
    /^((?:\[[^\]]*\]|[^![:{])*)(?:!([^:]?))?(?::([^]*))?$/u.exec(field) ?? [];
  if (name === "" && field !== "" && !/^[!:]/.test(field)) {
    throw new TemplateError("Value", "unexpected '{' in field name");
  }
  const value = converted(lookUp(name, fields), conversion);
  return formatValue(value, spec.includes("{") || spec.includes("}") ? expand(spec, fields, depth - 1) : spec);
}

function converted(value: Value, conversion: string | undefined): Value {
  switch (conversion) {
    case undefined:
      return value;
    case "s":
      return toText(value);
    case "r":
      return toRepr(value);
    case "a":
      return replaceCharacters(toRepr(value), /[^\0-\x7f]/gu, escapeCode);
    default:
      throw new TemplateError("Value", `Unknown conversion specifier ${conversion}`);
  }
}

function lookUp(path: string, fields: Fields): Value {
  const [, first = "", rest = ""] = /^([^.[]*)([^]*)$/u.exec(path) ?? [];
  let value = firstOf(first, rest !== "", fields);
  let at = 0;
  const steps = /\.([^.[]+)|\[([^\]]+)\]/uy;
  while (at < rest.length) {
    steps.lastIndex = at;
    const step = steps.exec(rest);
    if (!step) throw new TemplateError("Value", "Empty attribute in format string");
    const [whole, attribute, item = ""] = step;
    value = attribute
      ? fields.lookup.attribute(value, attribute)
      : fields.lookup.item(value, /^\d+$/.test(item) ? BigInt(item) : item);
    at += whole.length;
  }
  return value;
}

/** The argument that a field begins with; only a field that is nothing but a number counts as numbered: so does Python. */
function firstOf(name: string, hasMore: boolean, fields: Fields): Value {
  const { positional, named } = fields.given;
  if (name === "" ? hasMore : !/^\d+$/.test(name)) {
    const value = fields.mapping === undefined ? named.get(name) : inMapping(fields.mapping, name, fields.lookup);
    if (value === undefined) throw new TemplateError("Lookup", `'${name}'`);
    return value;
  }
  let index: number;
  if (name === "") {
    if (fields.numbered) {
      throw new TemplateError("Value", "cannot switch from manual field specification to automatic field numbering");
    }
    index = fields.next ?? 0;
    fields.next = index + 1;
  } else if (hasMore) {
    index = Number(name);
  } else {
    if (fields.next !== undefined && fields.next > 0) {
      throw new TemplateError("Value", "cannot switch from automatic field numbering to manual field specification");
    }
    fields.numbered = true;
    index = Number(name);
  }
  const value = positional.at(index);
  if (value === undefined) {
    throw new TemplateError("Lookup", `Replacement index ${index} out of range for positional args tuple`);
  }
  return value;
}

function inMapping(mapping: Value, name: string, lookup: Lookup): Value | undefined {
  return mapping instanceof PyDict ? mapping.get(name) : lookup.item(mapping, name);
}
