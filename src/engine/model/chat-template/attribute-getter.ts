import { getItem } from "./lookup";
import { spend, spendWalk } from "./limits";
import { lowerCase } from "./string-case";
import { TemplateError } from "./template-error";
import { PyList, textOf, typeName, Undefined, type Value } from "./values";

type Getter = (item: Value) => Value;

/** `a.0.b` as the keys "a", 0n, "b". */
function parts(attribute: Value): Value[] {
  if (attribute === null) return [];
  const text = textOf(attribute);
  if (text !== undefined) {
    spendWalk(8 * text.length);
    return text.split(".").map((part) => (/^\d+$/.test(part) ? BigInt(part) : part));
  }
  if (typeof attribute === "bigint" || typeof attribute === "boolean") return [attribute];
  throw new TemplateError("Type", `an attribute is a str or an int, not '${typeName(attribute)}'`);
}

function get(item: Value, keys: readonly Value[], fallback: Value): Value {
  let value = item;
  for (const key of keys) {
    spend(1);
    value = getItem(value, key);
    if (fallback !== null && value instanceof Undefined) value = fallback;
  }
  return value;
}

function lowered(value: Value): string | undefined {
  const text = textOf(value);
  return text === undefined ? undefined : lowerCase(text);
}

/** Small letters for sorting and comparing without regard to case; other values stay. */
export function ignoreCase(value: Value): Value {
  return lowered(value) ?? value;
}

/** Looks up an attribute such as `address.city` or `0`; none is the item itself. @throws TemplateError */
export function attributeGetter(attribute: Value, caseSensitive = true, fallback: Value = null): Getter {
  const keys = parts(attribute);
  return (item) => {
    const value = get(item, keys, fallback);
    return caseSensitive ? value : ignoreCase(value);
  };
}

/** Looks up several attributes with commas between them, as a list. @throws TemplateError */
export function attributesGetter(attribute: Value, caseSensitive: boolean): Getter {
  const text = textOf(attribute);
  spendWalk(8 * (text?.length ?? 0));
  const getters = (text === undefined ? [attribute] : text.split(",")).map((one) =>
    attributeGetter(one, caseSensitive),
  );
  return (item) => new PyList(getters.map((getter) => getter(item)));
}
