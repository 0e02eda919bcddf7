import { attributeGetter } from "./attribute-getter";
import type { Filter, FilterContext } from "./filter-types";
import { iterable } from "./iterate";
import { spend } from "./limits";
import { TemplateError } from "./template-error";
import { type CallArguments, PyIterator, textOf, truthy, type Value } from "./values";

/** The rest of a call's arguments, of which the first `count` are taken. */
function after({ positional, named }: CallArguments, count: number): CallArguments {
  return { positional: positional.slice(count), named };
}

function mapper(given: CallArguments, context: FilterContext): (item: Value) => Value {
  const { positional, named } = given;
  const [filter] = positional;
  const attribute = named.get("attribute");
  if (filter === undefined && attribute !== undefined) {
    const unknown = [...named.keys()].find((name) => name !== "attribute" && name !== "default");
    if (unknown !== undefined) throw new TemplateError("Value", `Unexpected keyword argument '${unknown}'`);
    return attributeGetter(attribute, true, named.get("default") ?? null);
  }
  if (filter === undefined) throw new TemplateError("Value", "map requires a filter argument");
  const name = nameOf(filter);
  return (item) => context.filter(name, item, after(given, 1));
}

function nameOf(value: Value): string {
  const name = textOf(value);
  if (name === undefined) throw new TemplateError("Value", "a filter or test is named by a str");
  return name;
}

const map: Filter = (value, given, context) => {
  const mapped = function* (): Iterable<Value> {
    if (!truthy(value)) return;
    const apply = mapper(given, context);
    for (const item of iterable(value)) {
      spend(2);
      yield apply(item);
    }
  };
  return new PyIterator(mapped());
};

function selecting(wanted: boolean, byAttribute: boolean): Filter {
  return (value, given, context) => {
    const selected = function* (): Iterable<Value> {
      if (!truthy(value)) return;
      const { positional } = given;
      const attribute = byAttribute ? positional[0] : undefined;
      if (byAttribute && attribute === undefined) {
        throw new TemplateError("Value", "Missing parameter for attribute name");
      }
      const taken = byAttribute ? 1 : 0;
      const get = attribute === undefined ? (item: Value) => item : attributeGetter(attribute);
      const named = positional[taken];
      const test = named === undefined ? undefined : nameOf(named);
      for (const item of iterable(value)) {
        spend(2);
        const subject = get(item);
        const passes = test === undefined ? truthy(subject) : context.test(test, subject, after(given, taken + 1));
        if (passes === wanted) yield item;
      }
    };
    return new PyIterator(selected());
  };
}

/** Filters that apply another filter or a test to each item, by name. */
export const selectFilters = {
  map,
  select: selecting(true, false),
  reject: selecting(false, false),
  selectattr: selecting(true, true),
  rejectattr: selecting(false, true),
} satisfies Readonly<Record<string, Filter>>;
