import { pointAt } from "./characters";
import { PyDict } from "./dict";
import type { Lookup } from "./format-method";
import { methodOf } from "./methods";
import { toRepr } from "./text";
import { isError } from "./template-error";
import {
  Callable,
  integerOf,
  orElse,
  Markup,
  PyObject,
  PyRange,
  Sequence,
  textOf,
  typeName,
  Undefined,
  type Value,
} from "./values";

/** The names with underscores that every Python object has: Jinja's sandbox lets none be used. */
const PRIVATE = new Set(
  (
    "__class__ __delattr__ __dir__ __doc__ __eq__ __format__ __ge__ __getattribute__ __getstate__ __gt__ __hash__ " +
    "__init__ __init_subclass__ __le__ __lt__ __ne__ __new__ __reduce__ __reduce_ex__ __repr__ __setattr__ " +
    "__sizeof__ __str__ __subclasshook__"
  ).split(" "),
);
const MUTATING: Readonly<Record<string, ReadonlySet<string>>> = {
  list: new Set(["append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove"]),
  dict: new Set(["clear", "pop", "popitem", "setdefault", "update"]),
};

/** `value.name`: an attribute, else an item, else undefined, as Jinja looks it up. @throws TemplateError */
export function getAttribute(value: Value, name: string): Value {
  return orElse(attributeOf(value, name), () => orElse(itemOf(value, name), () => notFound(value, name)));
}

/** `value[key]`: an item, else an attribute, else undefined, as Jinja looks it up. @throws TemplateError */
export function getItem(value: Value, key: Value): Value {
  const name = textOf(key);
  return orElse(itemOf(value, key), () =>
    orElse(name === undefined ? undefined : attributeOf(value, name), () => notFound(value, key)),
  );
}

const lookup: Lookup = { attribute: getAttribute, item: getItem };

/** `value.name`: an attribute, else undefined, without a look at items. @throws TemplateError */
export function onlyAttribute(value: Value, name: string): Value {
  return orElse(attributeOf(value, name), () => notFound(value, name));
}

function attributeOf(value: Value, name: string): Value | undefined {
  if (value instanceof Undefined) {
    // Python asks for such names itself, and is told that there are none.
    if (name.startsWith("__") && name.endsWith("__")) return PRIVATE.has(name) ? unsafe(value, name) : undefined;
    throw value.failure();
  }
  if (PRIVATE.has(name) || (MUTATING[typeName(value)]?.has(name) ?? false)) return unsafe(value, name);
  if (name.startsWith("_")) return undefined;
  return orElse(value instanceof PyObject ? value.attribute(name) : undefined, () => methodOf(value, name, lookup));
}

function unsafe(value: Value, name: string): Undefined {
  return new Undefined(`access to attribute '${name}' of '${typeName(value)}' object is unsafe.`, "Security");
}

function itemOf(value: Value, key: Value): Value | undefined {
  if (value instanceof Undefined) throw value.failure();
  if (value instanceof PyDict) {
    try {
      return value.get(key);
    } catch (error) {
      if (isError(error, "Type")) return undefined;
      throw error;
    }
  }
  const integer = integerOf(key);
  if (integer === undefined) return undefined;
  const at = <T>(length: number, item: (index: number) => T): T | undefined => {
    const index = Number(integer) + (integer < 0n ? length : 0);
    return index >= 0 && index < length ? item(index) : undefined;
  };
  const text = textOf(value);
  if (text !== undefined) {
    const point = pointAt(text, Number(integer));
    return point !== undefined && value instanceof Markup ? new Markup(point) : point;
  }
  if (value instanceof Sequence) return at(value.items.length, (index) => value.items[index]);
  return value instanceof PyRange ? at(value.length, (index) => value.at(index)) : undefined;
}

function notFound(value: Value, key: Value): Undefined {
  const owner = value === null ? "None" : value instanceof Callable ? "function" : `${typeName(value)} object`;
  return new Undefined(
    typeof key === "string" ? `'${owner}' has no attribute '${key}'` : `${owner} has no element ${safeRepr(key)}`,
  );
}

function safeRepr(key: Value): string {
  try {
    return toRepr(key);
  } catch {
    return typeName(key);
  }
}
