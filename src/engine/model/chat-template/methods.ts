import { elementAt } from "../../numbers/elements";
import { bind } from "./arguments";
import { equal } from "./compare";
import { DictView, PyDict } from "./dict";
import { escapeHtml } from "./escape-html";
import type { Lookup } from "./format-method";
import { itemsOf } from "./iterate";
import { sliceIndices } from "./slices";
import { refusedStringMethods, stringMethods } from "./string-methods";
import { TemplateError, unsupported } from "./template-error";
import {
  type CallArguments,
  integerOf,
  Markup,
  NativeFunction,
  orElse,
  PyList,
  PyTuple,
  Sequence,
  typeName,
  type Value,
} from "./values";

/** The Python method `name` of `value`, or a data attribute that its type has; undefined where it has none. @throws TemplateError */
export function methodOf(value: Value, name: string, lookup: Lookup): Value | undefined {
  const method = (body: (given: CallArguments) => Value): NativeFunction => new NativeFunction(name, body);
  if (typeof value === "string") {
    if (refusedStringMethods.has(name)) throw unsupported(`The method '${name}' of str`);
    const body = stringMethods.get(name);
    return body && method((given) => body(value, given, lookup));
  }
  if (value instanceof Markup) return markupMethod(value, name, lookup);
  if (value instanceof PyDict) {
    const body = dictMethods.get(name);
    return body && method((given) => body(value, given));
  }
  if (value instanceof Sequence) {
    const body = sequenceMethods.get(name);
    if (body) return method((given) => body(value, given));
    return name === "copy" && value instanceof PyList ? method(() => new PyList(value.items)) : undefined;
  }
  return numberAttribute(value, name);
}

const dictMethods = new Map<string, (dict: PyDict, given: CallArguments) => Value>([
  [
    "get",
    (dict, given) => {
      const [key = null, fallback = null] = bind("get", "/ key default?", given);
      return orElse(dict.get(key), () => fallback);
    },
  ],
  ...(["keys", "values", "items"] as const).map((part): [string, (dict: PyDict, given: CallArguments) => Value] => [
    part,
    (dict, given) => {
      bind(part, "/", given);
      return new DictView(dict, part);
    },
  ]),
  ["copy", (dict) => new PyDict(dict.entries())],
  [
    "fromkeys",
    (_, given) => {
      const [keys = null, value = null] = bind("fromkeys", "/ iterable value?", given);
      return new PyDict(itemsOf(keys).map((key) => [key, value]));
    },
  ],
]);

const sequenceMethods = new Map<string, (sequence: Sequence, given: CallArguments) => Value>([
  [
    "index",
    (sequence, given) => {
      const [wanted = null, start = null, stop = null] = bind("index", "/ value start? stop?", given);
      const range = sliceIndices({ start, stop, step: null }, sequence.items.length);
      for (let i = range.start; i < range.stop; i++) if (equal(elementAt(sequence.items, i), wanted)) return BigInt(i);
      throw new TemplateError("Value", `value is not in ${typeName(sequence)}`);
    },
  ],
  [
    "count",
    (sequence, given) => {
      const [wanted = null] = bind("count", "/ value", given);
      return BigInt(sequence.items.filter((item) => equal(item, wanted)).length);
    },
  ],
]);

function numberAttribute(value: Value, name: string): Value | undefined {
  const integer = integerOf(value);
  const method = (body: () => Value): NativeFunction =>
    new NativeFunction(name, (given) => {
      bind(name, "/", given);
      return body();
    });
  if (integer !== undefined) {
    switch (name) {
      case "real":
      case "numerator":
        return integer;
      case "imag":
        return 0n;
      case "denominator":
        return 1n;
      case "conjugate":
        return method(() => integer);
      case "bit_length":
        return method(() => BigInt(integer === 0n ? 0 : (integer < 0n ? -integer : integer).toString(2).length));
      case "bit_count":
        return method(() => BigInt((integer < 0n ? -integer : integer).toString(2).replaceAll("0", "").length));
      case "as_integer_ratio":
        return method(() => new PyTuple([integer, 1n]));
      case "to_bytes":
      case "from_bytes":
        throw unsupported(`The method '${name}' of int`);
    }
  }
  if (typeof value === "number") {
    switch (name) {
      case "real":
        return value;
      case "imag":
        return 0;
      case "conjugate":
        return method(() => value);
      case "is_integer":
        return method(() => Number.isInteger(value));
      case "hex":
      case "fromhex":
      case "as_integer_ratio":
        throw unsupported(`The method '${name}' of float`);
    }
  }
  return undefined;
}

/** Arguments that a safe text escapes before it takes them up. */
const ESCAPED: Readonly<Record<string, number>> = { replace: 1, ljust: 1, rjust: 1, center: 1 };

function markupMethod(markup: Markup, name: string, lookup: Lookup): Value | undefined {
  if (refusedStringMethods.has(name) || ["format", "format_map", "striptags", "unescape", "escape"].includes(name)) {
    throw unsupported(`The method '${name}' of a safe text`);
  }
  const body = stringMethods.get(name);
  if (!body) return undefined;
  const safe = (result: Value): Value => {
    if (typeof result === "string") return new Markup(result);
    if (result instanceof PyList) return new PyList(result.items.map(safe));
    return result instanceof PyTuple ? new PyTuple(result.items.map(safe)) : result;
  };
  return new NativeFunction(name, ({ positional, named }) => {
    const given = positional.map((argument, index) => {
      if (name === "join") return new PyList(itemsOf(argument).map(escapeHtml));
      return ESCAPED[name] === index ? escapeHtml(argument) : argument;
    });
    return safe(body(markup.text, { positional: given, named }, lookup));
  });
}
