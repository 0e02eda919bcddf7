import { elementAt } from "../../numbers/elements";
import { DictView, PyDict } from "./dict";
import { iterable } from "./iterate";
import { spend, spendReading, spendSearch } from "./limits";
import { TemplateError } from "./template-error";
import {
  numeric,
  PyList,
  PyRange,
  PyTuple,
  type PyObject,
  Sequence,
  textOf,
  typeName,
  Undefined,
  type Value,
} from "./values";

/** Lists of lists of the same lists have no end; so many pairs of items are looked at. */
const MAX_PAIRS = 1 << 20;

class Comparison {
  #pairs = 0;

  equal(left: Value, right: Value): boolean {
    if (left === right) return !Number.isNaN(left);
    spend(1);
    if (++this.#pairs > MAX_PAIRS) throw new TemplateError("Limit", "values too large are compared");
    const leftNumber = numeric(left);
    const rightNumber = numeric(right);
    if (leftNumber !== undefined && rightNumber !== undefined) return leftNumber == rightNumber;
    const leftText = textOf(left);
    if (leftText !== undefined) {
      const rightText = textOf(right);
      if (leftText.length === rightText?.length) spendReading(2 * leftText.length);
      return leftText === rightText;
    }
    if (left === null || right === null || typeof left !== "object" || typeof right !== "object") return false;
    return this.#equalObjects(left, right);
  }

  #equalObjects(left: PyObject, right: PyObject): boolean {
    if (left instanceof Undefined) return right instanceof Undefined;
    if ((left instanceof PyList && right instanceof PyList) || (left instanceof PyTuple && right instanceof PyTuple)) {
      if (left.items.length !== right.items.length) return false;
      spend(left.items.length / 4);
      return left.items.every((item, i) => this.same(item, elementAt(right.items, i)));
    }
    if (left instanceof PyDict && right instanceof PyDict) {
      if (left.length !== right.length) return false;
      for (const [key, value] of left.entries()) {
        const other = right.get(key);
        if (other === undefined || !this.same(value, other)) return false;
      }
      return true;
    }
    if (left instanceof PyRange && right instanceof PyRange) {
      if (left.length !== right.length || left.length === 0) return left.length === right.length;
      return left.start === right.start && (left.length === 1 || left.step === right.step);
    }
    if (left instanceof DictView && right instanceof DictView && left.part !== "values" && left.part === right.part) {
      spend(left.length);
      return left.length === right.length && [...iterable(left)].every((item) => contains(right, item));
    }
    return false;
  }

  /** Whether two items of containers are equal: there Python takes the same object for equal, `nan` too. */
  same(left: Value, right: Value): boolean {
    return Object.is(left, right) || this.equal(left, right);
  }

  less(left: Value, right: Value, operator: string): boolean {
    spend(2);
    if (left instanceof Undefined) throw left.failure();
    if (right instanceof Undefined) throw right.failure();
    const leftNumber = numeric(left);
    const rightNumber = numeric(right);
    if (leftNumber !== undefined && rightNumber !== undefined) return leftNumber < rightNumber;
    const leftText = textOf(left);
    const rightText = textOf(right);
    if (leftText !== undefined && rightText !== undefined) return compareTexts(leftText, rightText) < 0;
    if (left instanceof Sequence && right instanceof Sequence && left.typeName === right.typeName) {
      const length = Math.min(left.items.length, right.items.length);
      for (let i = 0; i < length; i++) {
        spend(1);
        const [one, other] = [elementAt(left.items, i), elementAt(right.items, i)];
        if (!this.same(one, other)) return this.less(one, other, operator);
      }
      return left.items.length < right.items.length;
    }
    throw new TemplateError(
      "Type",
      `'${operator}' not supported between instances of '${typeName(left)}' and '${typeName(right)}'`,
    );
  }
}

/** The order of two texts, by code points: UTF-16 units would put emoji before some other characters. */
function compareTexts(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  spendReading(left.length + right.length);
  for (let i = 0; i < length; i++) {
    if (left[i] === right[i]) continue;
    spend(i / 16);
    const [a, b] = [left.charCodeAt(i), right.charCodeAt(i)];
    const [aWide, bWide] = [a >= 0xd800 && a < 0xe000, b >= 0xd800 && b < 0xe000];
    return aWide === bWide ? a - b : aWide ? 1 : -1;
  }
  spend(length / 16);
  return left.length - right.length;
}

/** Python's `==`. @throws TemplateError where the values are too large */
export function equal(left: Value, right: Value): boolean {
  return new Comparison().equal(left, right);
}

/** Python's `<`; `operator` is what an error names. @throws TemplateError where the values have no order */
export function less(left: Value, right: Value, operator = "<"): boolean {
  return new Comparison().less(left, right, operator);
}

/** Python's `<=`, which differs from "not greater" for `nan`. @throws TemplateError where the values have no order */
export function lessOrEqual(left: Value, right: Value, operator = "<="): boolean {
  if (Number.isNaN(left) || Number.isNaN(right)) return less(left, right, operator);
  return less(left, right, operator) || equal(left, right);
}

/** Python's `item in container`. @throws TemplateError */
export function contains(container: Value, item: Value): boolean {
  const text = textOf(container);
  if (text !== undefined) {
    const part = textOf(item);
    if (part !== undefined) {
      spendSearch(text.length, part.length);
      return text.includes(part);
    }
    throw new TemplateError("Type", `'in <string>' requires string as left operand, not ${typeName(item)}`);
  }
  if (container instanceof PyDict) return container.has(item);
  if (container instanceof DictView && container.part === "keys") return container.dict.has(item);
  if (container === null || typeof container !== "object") {
    throw new TemplateError("Type", `argument of type '${typeName(container)}' is not iterable`);
  }
  const comparison = new Comparison();
  for (const candidate of iterable(container)) {
    spend(1);
    if (comparison.same(candidate, item)) return true;
  }
  return false;
}

/** `values` in the order of their keys, those with equal keys in their own order, as Python's `sorted`. @throws TemplateError */
export function sorted<T>(values: readonly T[], key: (value: T) => Value, reverse = false): T[] {
  spend(4 * values.length);
  const keyed = values.map((value) => ({ value, key: key(value) }));
  // Reversed twice, equal ones keep their order, as with Python's reverse=True.
  if (reverse) keyed.reverse();
  keyed.sort((a, b) => (less(a.key, b.key) ? -1 : less(b.key, a.key) ? 1 : 0));
  if (reverse) keyed.reverse();
  return keyed.map(({ value }) => value);
}
