import { elementAt } from "../../numbers/elements";
import { asIndex, bind } from "./arguments";
import { attributeGetter, attributesGetter, ignoreCase } from "./attribute-getter";
import { codePoints } from "./characters";
import { equal, less, sorted } from "./compare";
import { DictView, hashKey, PyDict } from "./dict";
import type { Filter } from "./filter-types";
import { iterable, iterator, itemsOf } from "./iterate";
import { boundedItems, spend } from "./limits";
import { lengthOf } from "./length";
import { onlyAttribute } from "./lookup";
import { binary, floorDivideInteger } from "./operators";
import { TemplateError } from "./template-error";
import {
  Markup,
  orElse,
  PyIterator,
  PyList,
  PyRange,
  PyTuple,
  Sequence,
  textOf,
  truthy,
  typeName,
  Undefined,
  type Value,
} from "./values";

const length: Filter = (value, given) => {
  bind("length", "", given);
  return BigInt(lengthOf(value));
};

/** The items from the last to the first; undefined for what Python's `reversed` refuses. */
function reversed(value: Value): Value[] | undefined {
  const known =
    textOf(value) !== undefined ||
    value instanceof Sequence ||
    value instanceof PyRange ||
    value instanceof PyDict ||
    value instanceof DictView;
  return known ? itemsOf(value).reverse() : undefined;
}

const first: Filter = (value, given) => {
  bind("first", "", given);
  const next = iterator(value).next();
  return next.done ? new Undefined("No first item, sequence was empty.") : next.value;
};

const last: Filter = (value, given) => {
  bind("last", "", given);
  if (value instanceof Undefined) throw new TemplateError("Type", "'Undefined' object is not reversible");
  // At once where it can be: a loop may ask for the last message again and again.
  const items = value instanceof Sequence ? value.items.slice(-1) : reversed(value);
  if (!items) throw new TemplateError("Type", `'${typeName(value)}' object is not reversible`);
  return orElse(items[0], () => new Undefined("No last item, sequence was empty."));
};

const reverse: Filter = (value, given) => {
  bind("reverse", "", given);
  const text = textOf(value);
  if (text !== undefined) {
    const backwards = codePoints(text).reverse().join("");
    return value instanceof Markup ? new Markup(backwards) : backwards;
  }
  const items = reversed(value);
  return items ? new PyIterator(items, "list_reverseiterator") : new PyList(itemsOf(value).reverse());
};

function extreme(name: "min" | "max"): Filter {
  return (value, given) => {
    const [caseSensitive = false, attribute = null] = bind(name, "case_sensitive? attribute?", given);
    const key = attributeGetter(attribute, truthy(caseSensitive));
    let best: { item: Value; key: Value } | undefined;
    for (const item of iterable(value)) {
      spend(1);
      const itemKey = key(item);
      if (!best || (name === "min" ? less(itemKey, best.key) : less(best.key, itemKey, ">")))
        best = { item, key: itemKey };
    }
    return best ? best.item : new Undefined("No aggregated item, sequence was empty.");
  };
}

const sum: Filter = (value, given) => {
  const [attribute = null, start = 0n] = bind("sum", "attribute? start?", given);
  if (textOf(start) !== undefined)
    throw new TemplateError("Type", "sum() can't sum strings [use ''.join(seq) instead]");
  const get = attributeGetter(attribute);
  let total = start;
  for (const item of iterable(value)) {
    spend(1);
    total = binary("+", total, get(item));
  }
  return total;
};

const sort: Filter = (value, given) => {
  const [backwards = false, caseSensitive = false, attribute = null] = bind(
    "sort",
    "reverse? case_sensitive? attribute?",
    given,
  );
  return new PyList(sorted(itemsOf(value), attributesGetter(attribute, truthy(caseSensitive)), truthy(backwards)));
};

const dictSort: Filter = (value, given) => {
  const [caseSensitive = false, by = "key", backwards = false] = bind(
    "dictsort",
    "case_sensitive? by? reverse?",
    given,
  );
  if (by !== "key" && by !== "value") {
    throw new TemplateError("Value", 'You can only sort by either "key" or "value"');
  }
  if (value instanceof Undefined) throw value.failure();
  if (!(value instanceof PyDict))
    throw new TemplateError("Type", `'${typeName(value)}' object has no attribute 'items'`);
  const key = (pair: readonly [Value, Value]): Value => {
    const part = pair[by === "key" ? 0 : 1];
    return truthy(caseSensitive) ? part : ignoreCase(part);
  };
  spend(value.length);
  return new PyList(sorted([...value.entries()], key, truthy(backwards)).map((pair) => new PyTuple(pair)));
};

const unique: Filter = (value, given) => {
  const [caseSensitive = false, attribute = null] = bind("unique", "case_sensitive? attribute?", given);
  const get = attributeGetter(attribute, truthy(caseSensitive));
  const found = function* (): Iterable<Value> {
    const seen = new Set<string>();
    for (const item of iterable(value)) {
      spend(4);
      const key = hashKey(get(item));
      if (seen.has(key)) continue;
      boundedItems(seen.add(key).size);
      yield item;
    }
  };
  return new PyIterator(found());
};

const groupBy: Filter = (value, given) => {
  const [attribute = null, fallback = null, caseSensitive = false] = bind(
    "groupby",
    "attribute default? case_sensitive?",
    given,
  );
  const key = attributeGetter(attribute, truthy(caseSensitive), fallback);
  const shown = attributeGetter(attribute, true, fallback);
  const groups: { key: Value; items: Value[] }[] = [];
  for (const item of sorted(itemsOf(value), key)) {
    const group = groups.at(-1);
    const itemKey = key(item);
    if (group && equal(group.key, itemKey)) group.items.push(item);
    else groups.push({ key: itemKey, items: [item] });
  }
  return new PyList(
    groups.map(({ items }) => new PyTuple([shown(elementAt(items, 0)), new PyList(items)], ["grouper", "list"])),
  );
};

const batch: Filter = (value, given) => {
  const [count = null, fill = null] = bind("batch", "linecount fill_with?", given);
  const size = asIndex(count);
  const rows = function* (): Iterable<Value> {
    let row: Value[] = [];
    for (const item of iterable(value)) {
      spend(1);
      if (row.length === size) {
        yield new PyList(row);
        row = [];
      }
      row.push(item);
    }
    if (row.length === 0) return;
    const missing = fill === null ? 0 : boundedItems(Math.max(0, size - row.length));
    yield new PyList([...row, ...Array<Value>(missing).fill(fill)]);
  };
  return new PyIterator(rows());
};

const slice: Filter = (value, given) => {
  const [count = null, fill = null] = bind("slice", "slices fill_with?", given);
  const slices = boundedItems(asIndex(count));
  const rows = function* (): Iterable<Value> {
    const items = itemsOf(value);
    const size = Number(floorDivideInteger(BigInt(items.length), BigInt(slices)));
    const larger = items.length - size * slices;
    for (let i = 0, from = 0; i < slices; i++) {
      const to = from + size + (i < larger ? 1 : 0);
      const row = items.slice(from, to);
      if (fill !== null && i >= larger) row.push(fill);
      yield new PyList(row);
      from = to;
    }
  };
  return new PyIterator(rows());
};

/** Filters of lists, dicts and what else has items, by name. */
export const sequenceFilters = {
  length,
  count: length,
  first,
  last,
  reverse,
  min: extreme("min"),
  max: extreme("max"),
  sum,
  sort,
  dictsort: dictSort,
  unique,
  groupby: groupBy,
  batch,
  slice,
  list: (value, given) => {
    bind("list", "", given);
    return new PyList(itemsOf(value));
  },
  items: (value, given) => {
    bind("items", "", given);
    const pairs = function* (): Iterable<Value> {
      if (value instanceof Undefined) return;
      if (!(value instanceof PyDict)) throw new TemplateError("Type", "Can only get item pairs from a mapping.");
      yield* iterable(new DictView(value, "items"));
    };
    return new PyIterator(pairs());
  },
  attr: (value, given) => {
    const [name = null] = bind("attr", "name", given);
    return onlyAttribute(value, textOf(name) ?? "");
  },
  default: (value, given) => {
    const [fallback = "", boolean = false] = bind("default", "default_value? boolean?", given);
    return value instanceof Undefined || (truthy(boolean) && !truthy(value)) ? fallback : value;
  },
} satisfies Readonly<Record<string, Filter>>;
