import { asIndex, asText, bind } from "./arguments";
import { spendReading, spendWalk } from "./limits";
import { itemsOf } from "./iterate";
import { formatWith, type Lookup } from "./format-method";
import { joinTexts } from "./join-texts";
import { capitalize, lowerCase, questions, swapCase, title, upperCase } from "./string-case";
import { count, expandTabs, find, pad, replace, startsOrEnds, zeroFill } from "./string-search";
import { partition, type Side, split, splitLines, stripSide } from "./string-split";
import { TemplateError, unsupported } from "./template-error";
import { type CallArguments, PyList, PyTuple, textOf, truthy, typeName, type Value } from "./values";

type Method = (text: string, given: CallArguments, lookup: Lookup) => Value;

const plain = (name: string, body: (text: string) => Value): [string, Method] => [
  name,
  (text, given) => {
    bind(name, "/", given);
    return body(text);
  },
];

const stripping = (name: string, side: Side): [string, Method] => [
  name,
  (text, given) => {
    const [characters = null] = bind(name, "/ chars?", given);
    return stripSide(text, side, characters === null ? undefined : asText(name, characters));
  },
];

const splitting = (name: string, fromEnd: boolean): [string, Method] => [
  name,
  (text, given) => {
    const [separator = null, limit = -1n] = bind(name, "sep? maxsplit?", given);
    return new PyList(split(text, separator === null ? undefined : asText(name, separator), asIndex(limit), fromEnd));
  },
];

const finding = (name: string, fromEnd: boolean, mustBe: boolean): [string, Method] => [
  name,
  (text, given) => {
    const [part = null, start = null, stop = null] = bind(name, "/ sub start? end?", given);
    const at = find(text, asText(name, part), { start, stop }, fromEnd);
    if (at < 0 && mustBe) throw new TemplateError("Value", "substring not found");
    return BigInt(at);
  },
];

const padding = (name: string, side: "left" | "right" | "center"): [string, Method] => [
  name,
  (text, given) => {
    const [width = null, fill = " "] = bind(name, "/ width fillchar?", given);
    return pad(text, asIndex(width), asText(name, fill), side);
  },
];

const affix = (name: "startswith" | "endswith"): [string, Method] => [
  name,
  (text, given) => {
    const [option = null, start = null, stop = null] = bind(name, "/ prefix start? end?", given);
    return startsOrEnds(name, text, option, { start, stop });
  },
];

const parting = (name: string, fromEnd: boolean): [string, Method] => [
  name,
  (text, given) => {
    const [separator = null] = bind(name, "/ sep", given);
    return new PyTuple(partition(text, asText(name, separator), fromEnd));
  },
];

function joinItems(text: string, given: CallArguments): Value {
  const [items = null] = bind("join", "/ iterable", given);
  const texts = itemsOf(items).map((item, index) => {
    const one = textOf(item);
    if (one !== undefined) return one;
    throw new TemplateError("Type", `sequence item ${index}: expected str instance, ${typeName(item)} found`);
  });
  return joinTexts(texts, text);
}

/** The methods of Python's `str`. */
export const stringMethods = new Map<string, Method>([
  ...Object.entries(questions).map(([name, question]) =>
    plain(name, (text) => {
      spendWalk(text.length / 2);
      return question(text);
    }),
  ),
  plain("upper", upperCase),
  plain("lower", lowerCase),
  plain("title", title),
  plain("capitalize", capitalize),
  plain("swapcase", swapCase),
  plain("casefold", (text) => {
    // Python folds a few more characters than it lowers: without their table only what is the same either way.
    if (/[^\0-\xb4\xb6-\xde\xe0-\u017e]/.test(text)) throw unsupported("casefold of other than Latin letters");
    return lowerCase(text);
  }),
  stripping("strip", "both"),
  stripping("lstrip", "start"),
  stripping("rstrip", "end"),
  splitting("split", false),
  splitting("rsplit", true),
  parting("partition", false),
  parting("rpartition", true),
  finding("find", false, false),
  finding("rfind", true, false),
  finding("index", false, true),
  finding("rindex", true, true),
  padding("ljust", "left"),
  padding("rjust", "right"),
  padding("center", "center"),
  affix("startswith"),
  affix("endswith"),
  ["join", joinItems],
  [
    "splitlines",
    (text, given) => {
      const [keepEnds = false] = bind("splitlines", "keepends?", given);
      return new PyList(splitLines(text, truthy(keepEnds)));
    },
  ],
  [
    "count",
    (text, given) => {
      const [part = null, start = null, stop = null] = bind("count", "/ sub start? end?", given);
      return BigInt(count(text, asText("count", part), { start, stop }));
    },
  ],
  [
    "replace",
    (text, given) => {
      const [old = null, replacement = null, limit = -1n] = bind("replace", "/ old new count?", given);
      return replace(text, asText("replace", old), asText("replace", replacement), asIndex(limit));
    },
  ],
  [
    "zfill",
    (text, given) => {
      const [width = null] = bind("zfill", "/ width", given);
      return zeroFill(text, asIndex(width));
    },
  ],
  [
    "expandtabs",
    (text, given) => {
      const [size = 8n] = bind("expandtabs", "tabsize?", given);
      return expandTabs(text, asIndex(size));
    },
  ],
  [
    "removeprefix",
    (text, given) => {
      const prefix = asText("removeprefix", bind("removeprefix", "/ prefix", given)[0] ?? null);
      spendReading(text.length);
      return text.startsWith(prefix) ? text.slice(prefix.length) : text;
    },
  ],
  [
    "removesuffix",
    (text, given) => {
      const suffix = asText("removesuffix", bind("removesuffix", "/ suffix", given)[0] ?? null);
      spendReading(text.length);
      return suffix !== "" && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;
    },
  ],
  ["format", (text, given, lookup) => formatWith(text, given, lookup)],
  [
    "format_map",
    (text, given, lookup) => {
      const [mapping = null] = bind("format_map", "/ mapping", given);
      return formatWith(text, { positional: [], named: new Map() }, lookup, mapping);
    },
  ],
]);
/** The methods that a `str` has in Python and that are refused by name. */
export const refusedStringMethods = new Set(["encode", "translate", "maketrans"]);
