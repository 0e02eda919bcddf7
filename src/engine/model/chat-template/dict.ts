import { boundedItems, spend, spendReading } from "./limits";
import { TemplateError, unsupported } from "./template-error";
import { Markup, PyObject, PyRange, PyTuple, type Value, Undefined, Sequence, typeName } from "./values";

/**
 * A text that two values have in common where Python's `==` and `hash` take them for the same key.
 *
 * @throws TemplateError for lists and dicts, which Python cannot hash.
 */
export function hashKey(value: Value): string {
  switch (typeof value) {
    case "boolean":
      return value ? "n1" : "n0";
    case "bigint":
      return `n${value}`;
    case "number":
      return Number.isInteger(value) ? `n${BigInt(value)}` : `n${value}`;
    case "string":
      spendReading(4 * value.length);
      return `s${value}`;
    default:
      return value === null ? "none" : objectKey(value);
  }
}

function objectKey(value: PyObject): string {
  if (value instanceof Markup) return hashKey(value.text);
  if (value instanceof Undefined) return "undefined";
  if (value instanceof PyTuple) {
    spend(4 * (value.items.length + 1));
    const keys = value.items.map(hashKey);
    for (const key of keys) spend(key.length / 16);
    return `t${keys.map((key) => `${key.length}:${key}`).join("")}`;
  }
  if (value instanceof Sequence || value instanceof PyDict || value instanceof DictView) {
    throw new TemplateError("Type", `unhashable type: '${typeName(value)}'`);
  }
  if (value instanceof PyRange)
    return `r${value.length} ${value.length > 0 && value.start} ${value.length > 1 && value.step}`;
  // Functions and their like: Python has keys for them, and no template has a use for such keys.
  throw unsupported(`A key of the type '${typeName(value)}'`);
}

/** A Python dict: keeps the order in which keys were first set. */
export class PyDict extends PyObject {
  readonly typeName = "dict";
  readonly #pairs = new Map<string, readonly [Value, Value]>();

  constructor(pairs: Iterable<readonly [Value, Value]> = []) {
    super();
    spend(8);
    for (const [key, value] of pairs) this.set(key, value);
  }

  /** Sets an entry, while the dict is being made: templates cannot change one. @throws TemplateError */
  set(key: Value, value: Value): void {
    spend(5);
    const hash = hashKey(key);
    const known = this.#pairs.get(hash);
    boundedItems(this.#pairs.size + 1);
    this.#pairs.set(hash, [known ? known[0] : key, value]);
  }

  get(key: Value): Value | undefined {
    return this.#pairs.get(hashKey(key))?.[1];
  }

  has(key: Value): boolean {
    return this.#pairs.has(hashKey(key));
  }

  entries(): IterableIterator<readonly [Value, Value]> {
    return this.#pairs.values();
  }

  override *iterate(): Iterator<Value> {
    for (const [key] of this.#pairs.values()) yield key;
  }

  override get length(): number {
    return this.#pairs.size;
  }
}

/** What `keys()`, `values()` and `items()` of a dict give. */
export class DictView extends PyObject {
  readonly typeName: string;

  constructor(
    readonly dict: PyDict,
    readonly part: "keys" | "values" | "items",
  ) {
    super();
    this.typeName = `dict_${part}`;
  }

  override *iterate(): Iterator<Value> {
    for (const [key, value] of this.dict.entries()) {
      yield this.part === "items" ? new PyTuple([key, value]) : this.part === "keys" ? key : value;
    }
  }

  override get length(): number {
    return this.dict.length;
  }
}
