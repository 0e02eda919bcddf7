import { boundedItems, spend, spendReading } from "./limits";
import { TemplateError } from "./template-error";
import { PyObject, Sequence, textOf, typeName, type Value } from "./values";

/** The items of a value, as Python's `iter` gives them; of a text its characters. @throws TemplateError */
export function iterator(value: Value): Iterator<Value> {
  const text = textOf(value);
  if (text !== undefined) {
    spendReading(text.length);
    return text[Symbol.iterator]();
  }
  const items = value instanceof PyObject ? value.iterate() : undefined;
  if (!items) throw new TemplateError("Type", `'${typeName(value)}' object is not iterable`);
  return items;
}

/** The items of a value for `for … of`, one after the other as they are computed. @throws TemplateError */
export function iterable(value: Value): Iterable<Value> {
  const items = iterator(value);
  return { [Symbol.iterator]: () => items };
}

/** All items of a value. @throws TemplateError */
export function itemsOf(value: Value): Value[] {
  const items: Value[] = [];
  if (value instanceof Sequence) {
    spend(value.items.length / 4);
    return [...value.items];
  }
  for (const item of iterable(value)) {
    spend(3 / 2);
    items.push(item);
    boundedItems(items.length);
  }
  return items;
}

/** Whether a value has items to go through. */
export function isIterable(value: Value): boolean {
  return textOf(value) !== undefined || (value instanceof PyObject && value.iterate() !== undefined);
}
