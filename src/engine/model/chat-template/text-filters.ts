import { asIndex, asText, bind } from "./arguments";
import { pointCount, replaceCharacters, SPACE, strip, TextBuilder, unitOffset } from "./characters";
import { escapeHtml } from "./escape-html";
import type { Filter } from "./filter-types";
import { isIterable, itemsOf } from "./iterate";
import { boundedText, spend, spendText } from "./limits";
import { formatPercent } from "./percent-format";
import { attributeGetter } from "./attribute-getter";
import { DictView, PyDict } from "./dict";
import { capitalize, lowerCase, upperCase } from "./string-case";
import { lengthOf } from "./length";
import { pad, replace } from "./string-search";
import { joinTexts } from "./join-texts";
import { splitLines, stripSide } from "./string-split";
import { TemplateError } from "./template-error";
import { toJson } from "./json";
import { toText } from "./text";
import { Markup, PyTuple, textOf, truthy, typeName, Undefined, type Value } from "./values";
import { wrapLine } from "./wrap";

/** A filter of a value's text, which stays safe where it was. */
const ofText =
  (name: string, parameters: string, body: (text: string, bound: (Value | undefined)[]) => string): Filter =>
  (value, given) => {
    const bound = bind(name, parameters, given);
    const text = body(textOf(value) ?? toText(value), bound);
    return value instanceof Markup ? new Markup(text) : text;
  };

/** A word, its first character apart, or what is between words. */
const words = new RegExp(`([^-${SPACE}({\\[<])([^-${SPACE}({\\[<]*)|[-${SPACE}({\\[<]+`, "gu");

function title(text: string): string {
  spend(text.length);
  const built = new TextBuilder();
  for (const [word, first = "", rest = ""] of text.matchAll(words)) {
    built.add(first === "" ? word : first.toUpperCase() + rest.toLowerCase());
  }
  return built.toString();
}

/** Texts that have only the methods of `str`: what is none fails, as in Python. */
function needText(name: string, value: Value): string {
  const text = textOf(value);
  if (text !== undefined) return text;
  if (value instanceof Undefined) throw value.failure();
  throw new TemplateError("Type", `${name}: a str is needed, not '${typeName(value)}'`);
}

const indent: Filter = (value, given) => {
  const [width = 4n, first = false, blank = false] = bind("indent", "width? first? blank?", given);
  const indention = textOf(width) ?? " ".repeat(boundedText(Math.max(0, asIndex(width))));
  const lines = splitLines(`${needText("indent", value)}\n`, false);
  spendText(needText("indent", value).length + lines.length * indention.length);
  spend(lines.length);
  const [head = "", ...rest] = lines;
  const rows = truthy(blank)
    ? lines.join(`\n${indention}`)
    : [head, ...rest.map((line) => line && indention + line)].join("\n");
  const text = truthy(first) ? indention + rows : rows;
  return value instanceof Markup ? new Markup(text) : text;
};

const truncate: Filter = (value, given) => {
  const [size = 255n, killWords = false, end = "...", leeway = null] = bind(
    "truncate",
    "length? killwords? end? leeway?",
    given,
  );
  const length = asIndex(size);
  const tail = asText("truncate", end);
  const slack = leeway === null ? 5 : asIndex(leeway);
  if (length < pointCount(tail)) {
    throw new TemplateError("Value", `expected length >= ${pointCount(tail)}, got ${length}`);
  }
  if (slack < 0) throw new TemplateError("Value", `expected leeway >= 0, got ${slack}`);
  if (lengthOf(value) <= length + slack) return value;
  const text = needText("truncate", value);
  const cut = text.slice(0, unitOffset(text, length - pointCount(tail)));
  const space = truthy(killWords) ? -1 : cut.lastIndexOf(" ");
  return (space < 0 ? cut : cut.slice(0, space)) + tail;
};

const wordWrap: Filter = (value, given) => {
  const [width = 79n, breakLong = true, joint = null, breakHyphens = true] = bind(
    "wordwrap",
    "width? break_long_words? wrapstring? break_on_hyphens?",
    given,
  );
  const separator = joint === null ? "\n" : asText("wordwrap", joint);
  const lines = splitLines(needText("wordwrap", value), false).map((line) =>
    joinTexts(wrapLine(line, asIndex(width), truthy(breakLong), truthy(breakHyphens)), separator),
  );
  return joinTexts(lines, separator);
};

const join: Filter = (value, given) => {
  const [separator = "", attribute = null] = bind("join", "d? attribute?", given);
  const get = attributeGetter(attribute);
  return joinTexts(
    itemsOf(value).map((item) => toText(get(item))),
    toText(separator),
  );
};

const format: Filter = (value, { positional, named }) => {
  if (positional.length > 0 && named.size > 0) {
    throw new TemplateError("Value", "can't handle positional and keyword arguments at the same time");
  }
  const values = named.size > 0 ? new PyDict(named) : new PyTuple(positional);
  const text = formatPercent(toText(value), values, value instanceof Markup ? escapeHtml : undefined);
  return value instanceof Markup ? new Markup(text) : text;
};

function urlQuote(value: Value, inQuery: boolean): string {
  const text = toText(value);
  spend(text.length / 4);
  const quoted = replaceCharacters(
    encodeURIComponent(text),
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return inQuery ? quoted.replace(/%20/g, "+") : quoted.replace(/%2F/g, "/");
}

const urlEncode: Filter = (value, given) => {
  bind("urlencode", "", given);
  if (textOf(value) !== undefined || !isIterable(value)) return urlQuote(value, false);
  const pairs = value instanceof PyDict ? new DictView(value, "items") : value;
  return joinTexts(
    itemsOf(pairs).map((pair) => {
      const [key, item, ...more] = itemsOf(pair);
      if (key === undefined || item === undefined || more.length > 0) {
        throw new TemplateError("Value", "urlencode needs pairs");
      }
      return `${urlQuote(key, true)}=${urlQuote(item, true)}`;
    }),
    "&",
  );
};

const xmlAttributes: Filter = (value, given) => {
  const [space = true] = bind("xmlattr", "autospace?", given);
  if (!(value instanceof PyDict)) throw new TemplateError("Type", "xmlattr needs a dict");
  const attributes: string[] = [];
  for (const [key, item] of value.entries()) {
    if (item === null || item instanceof Undefined) continue;
    if (/[\t-\r />=]/.test(needText("xmlattr", key))) {
      throw new TemplateError("Value", `Invalid character in attribute name: ${toText(key)}`);
    }
    attributes.push(`${escapeHtml(key)}="${escapeHtml(item)}"`);
  }
  return (attributes.length > 0 && truthy(space) ? " " : "") + joinTexts(attributes, " ");
};

/** Filters of texts, by name. */
export const textFilters = {
  upper: ofText("upper", "", upperCase),
  lower: ofText("lower", "", lowerCase),
  capitalize: ofText("capitalize", "", capitalize),
  title: (value, given) => {
    bind("title", "", given);
    return title(toText(value));
  },
  trim: ofText("trim", "chars?", (text, [characters = null]) =>
    characters === null ? strip(text) : stripSide(text, "both", asText("trim", characters)),
  ),
  center: ofText("center", "width?", (text, [width = 80n]) => pad(text, asIndex(width), " ", "center")),
  replace: (value, given) => {
    const [old = null, replacement = null, limit = null] = bind("replace", "old new count?", given);
    return replace(toText(value), toText(old), toText(replacement), limit === null ? -1 : asIndex(limit));
  },
  wordcount: (value, given) => {
    bind("wordcount", "", given);
    const text = toText(value);
    spend(text.length / 8);
    let count = 0;
    for (const found of text.matchAll(/[\p{L}\p{N}_]+/gu)) {
      spend(1);
      if (found[0]) count++;
    }
    return BigInt(count);
  },
  string: (value, given) => {
    bind("string", "", given);
    return value instanceof Markup ? value : toText(value);
  },
  safe: (value, given) => {
    bind("safe", "", given);
    return value instanceof Markup ? value : new Markup(toText(value));
  },
  escape: (value, given) => {
    bind("escape", "", given);
    return new Markup(escapeHtml(value));
  },
  forceescape: (value, given) => {
    bind("forceescape", "", given);
    return new Markup(escapeHtml(toText(value)));
  },
  tojson: (value, given) => {
    const [ensureAscii = false, indention = null, separators = null, sortKeys = false] = bind(
      "tojson",
      "ensure_ascii? indent? separators? sort_keys?",
      given,
    );
    return toJson(value, { ensureAscii, indent: indention, separators, sortKeys });
  },
  indent,
  truncate,
  wordwrap: wordWrap,
  join,
  format,
  urlencode: urlEncode,
  xmlattr: xmlAttributes,
} satisfies Readonly<Record<string, Filter>>;
