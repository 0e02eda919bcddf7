import { elementAt } from "../../numbers/elements";
import { asText, bind } from "./arguments";
import { PyDict } from "./dict";
import { iterable, itemsOf } from "./iterate";
import { Namespace } from "./namespace";
import { strftime } from "./strftime";
import { TemplateError, unsupported } from "./template-error";
import { toText } from "./text";
import {
  Callable,
  type CallArguments,
  integerOf,
  NativeFunction,
  PyObject,
  PyRange,
  typeName,
  Undefined,
  type Value,
} from "./values";

/** The functions that every template may call, by name; `now` is what `strftime_now` writes. */
export function globals(now: () => Date): Map<string, Value> {
  const native = (name: string, body: (given: CallArguments) => Value): [string, Value] => [
    name,
    new NativeFunction(name, body),
  ];
  return new Map<string, Value>([
    native("range", range),
    native("namespace", (given) => {
      const namespace = new Namespace();
      for (const [key, value] of makeDict(given).entries()) namespace.set(asText("namespace", key), value);
      return namespace;
    }),
    native("raise_exception", (given) => {
      throw new TemplateError("Raised", toText(bind("raise_exception", "message", given)[0] ?? null));
    }),
    native("strftime_now", (given) =>
      strftime(now(), asText("strftime", bind("strftime_now", "format", given)[0] ?? null)),
    ),
    native("cycler", ({ positional }) => new Cycler(positional)),
    native("joiner", (given) => {
      const [separator = ", "] = bind("joiner", "sep?", given);
      return new Joiner(toText(separator));
    }),
    native("lipsum", () => {
      throw unsupported("The function 'lipsum'");
    }),
    ["dict", new DictType()],
    ["self", new TemplateReference()],
  ]);
}

function range({ positional, named }: CallArguments): Value {
  if (named.size > 0) throw new TemplateError("Type", "range() takes no keyword arguments");
  if (positional.length < 1 || positional.length > 3) {
    throw new TemplateError("Type", `range expected 1 to 3 arguments, got ${positional.length}`);
  }
  const [first, second, step] = positional.map((value) => {
    const integer = integerOf(value);
    if (integer !== undefined) return integer;
    if (value instanceof Undefined) throw value.failure();
    throw new TemplateError("Type", `'${typeName(value)}' object cannot be interpreted as an integer`);
  }) as (bigint | undefined)[];
  return second === undefined ? new PyRange(0n, first ?? 0n, 1n) : new PyRange(first ?? 0n, second, step ?? 1n);
}

function makeDict({ positional, named }: CallArguments): PyDict {
  if (positional.length > 1)
    throw new TemplateError("Type", `dict expected at most 1 argument, got ${positional.length}`);
  const dict = new PyDict();
  const [source] = positional;
  if (source instanceof PyDict) for (const [key, value] of source.entries()) dict.set(key, value);
  else if (source !== undefined) {
    for (const pair of iterable(source)) {
      const [key, value, ...more] = itemsOf(pair);
      if (key === undefined || value === undefined || more.length > 0) {
        throw new TemplateError("Value", "dictionary update sequence element has no length of 2");
      }
      dict.set(key, value);
    }
  }
  for (const [name, value] of named) dict.set(name, value);
  return dict;
}

class DictType extends Callable {
  readonly typeName = "TemplateDict";

  override call(given: CallArguments): Value {
    return makeDict(given);
  }

  override attribute(name: string): Value | undefined {
    if (name !== "fromkeys") return undefined;
    return new NativeFunction(name, (given) => {
      const [keys = null, value = null] = bind(name, "/ iterable value?", given);
      return new PyDict(itemsOf(keys).map((key) => [key, value]));
    });
  }
}

class Joiner extends Callable {
  readonly typeName = "Joiner";
  #used = false;
  readonly #separator: string;

  constructor(separator: string) {
    super();
    this.#separator = separator;
  }

  override call(given: CallArguments): Value {
    bind("joiner", "", given);
    if (this.#used) return this.#separator;
    this.#used = true;
    return "";
  }
}

class Cycler extends PyObject {
  readonly typeName = "Cycler";
  #position = 0;
  readonly #items: readonly Value[];

  constructor(items: readonly Value[]) {
    super();
    this.#items = items;
    if (items.length === 0) throw new TemplateError("Type", "at least one item has to be provided");
  }

  override attribute(name: string): Value | undefined {
    switch (name) {
      case "current":
        return this.#items[this.#position];
      case "next":
        return new NativeFunction(name, () => {
          const item = elementAt(this.#items, this.#position);
          this.#position = (this.#position + 1) % this.#items.length;
          return item;
        });
      case "reset":
        return new NativeFunction(name, () => {
          this.#position = 0;
          return null;
        });
      default:
        return undefined;
    }
  }
}

/** What `self` is: it would give the blocks of a template, and there are none. */
class TemplateReference extends PyObject {
  readonly typeName = "TemplateReference";

  repr(): string {
    return "<TemplateReference None>";
  }
}
