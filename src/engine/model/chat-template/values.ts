import { spendItems } from "./limits";
import { TemplateError } from "./template-error";

/**
 * A value of a template, which behaves as Python's: `null` is `None`, a bigint an `int`, a number a `float`. All others are
 * objects of this module's classes, so nothing of JavaScript's own objects can be reached.
 */
export type Value = null | boolean | bigint | number | string | PyObject;

/** A value that is no scalar. What a subclass does not say is what Python's `object` does. */
export abstract class PyObject {
  /** What Python calls the type, for messages and errors. */
  abstract readonly typeName: string;

  /** Whether Python takes it for true: what has a length and no items is not. */
  get truthy(): boolean {
    return this.length !== 0;
  }

  /** The value's own attribute of that name, but for methods that all values of the type share. */
  attribute(name: string): Value | undefined {
    void name;
    return undefined;
  }

  /** The items of the value; undefined where it cannot be iterated. */
  iterate(): Iterator<Value> | undefined {
    return undefined;
  }

  /** How many items it has; undefined where Python's `len` fails. */
  get length(): number | undefined {
    return undefined;
  }
}

/** What a lookup gave that found nothing: prints as nothing, and fails where it is used. */
export class Undefined extends PyObject {
  readonly typeName = "Undefined";
  readonly #kind: "Undefined" | "Security";

  constructor(
    readonly message: string,
    kind: "Undefined" | "Security" = "Undefined",
  ) {
    super();
    this.#kind = kind;
  }

  override iterate(): Iterator<Value> {
    return [].values();
  }

  override get length(): number {
    return 0;
  }

  /** The error of using it. */
  failure(): TemplateError {
    return new TemplateError(this.#kind, this.message);
  }
}

/** A Python sequence held in an array. */
export abstract class Sequence extends PyObject {
  constructor(readonly items: readonly Value[]) {
    super();
    spendItems(items.length);
  }

  override iterate(): Iterator<Value> {
    return this.items.values();
  }

  override get length(): number {
    return this.items.length;
  }
}

export class PyList extends Sequence {
  readonly typeName = "list";
}

/** A tuple; with `fields` one whose items have names too. */
export class PyTuple extends Sequence {
  readonly typeName = "tuple";
  readonly #fields: readonly string[];

  constructor(items: readonly Value[], fields: readonly string[] = []) {
    super(items);
    this.#fields = fields;
  }

  override attribute(name: string): Value | undefined {
    const index = this.#fields.indexOf(name);
    return index < 0 ? undefined : this.items[index];
  }
}

/** What `range` gives: at most 100,000 numbers, as in Jinja's sandbox. */
export class PyRange extends PyObject {
  readonly typeName = "range";
  readonly #count: number;

  constructor(
    readonly start: bigint,
    readonly stop: bigint,
    readonly step: bigint,
  ) {
    super();
    if (step === 0n) throw new TemplateError("Value", "range() arg 3 must not be zero");
    const span = step > 0n ? stop - start : start - stop;
    const size = step > 0n ? step : -step;
    const count = span > 0n ? (span + size - 1n) / size : 0n;
    if (count > 100_000n) {
      throw new TemplateError("Overflow", "Range too big. The sandbox blocks ranges larger than MAX_RANGE (100000).");
    }
    this.#count = Number(count);
  }

  override get length(): number {
    return this.#count;
  }

  at(index: number): bigint {
    return this.start + BigInt(index) * this.step;
  }

  override *iterate(): Iterator<Value> {
    for (let i = 0; i < this.#count; i++) yield this.at(i);
  }
}

/** What Python's generators are: gives each item once, and computes it only then. */
export class PyIterator extends PyObject {
  readonly #iterator: Iterator<Value>;

  constructor(
    items: Iterable<Value>,
    readonly typeName = "generator",
  ) {
    super();
    this.#iterator = items[Symbol.iterator]();
  }

  override iterate(): Iterator<Value> {
    return this.#iterator;
  }
}

/** The arguments of a call. */
export interface CallArguments {
  readonly positional: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
}

/** What can be called: a function, a method, a macro. */
export abstract class Callable extends PyObject {
  abstract call(given: CallArguments): Value;
}

/** A function of ours that templates may call. */
export class NativeFunction extends Callable {
  readonly typeName: string = "function";
  readonly #body: (given: CallArguments) => Value;

  constructor(
    readonly name: string,
    body: (given: CallArguments) => Value,
  ) {
    super();
    this.#body = body;
  }

  override call(given: CallArguments): Value {
    return this.#body(given);
  }
}

/** A text that was marked as safe, or was escaped: prints like any, escapes what is joined to it. */
export class Markup extends PyObject {
  readonly typeName = "Markup";

  constructor(readonly text: string) {
    super();
  }

  override get truthy(): boolean {
    return this.text !== "";
  }
}

/** The Python type of a value, as errors name it. */
export function typeName(value: Value): string {
  switch (typeof value) {
    case "boolean":
      return "bool";
    case "bigint":
      return "int";
    case "number":
      return "float";
    case "string":
      return "str";
    default:
      return value === null ? "NoneType" : value.typeName;
  }
}

/** Whether Python takes a value for true. */
export function truthy(value: Value): boolean {
  return value instanceof PyObject ? value.truthy : Boolean(value);
}

/** A text, marked as safe or not; undefined for what is no text. */
export function textOf(value: Value): string | undefined {
  if (typeof value === "string") return value;
  return value instanceof Markup ? value.text : undefined;
}

/** An `int`, which in Python a `bool` is too; undefined for what is none. */
export function integerOf(value: Value): bigint | undefined {
  if (typeof value === "boolean") return value ? 1n : 0n;
  return typeof value === "bigint" ? value : undefined;
}

/** An int, bool or float as a number to calculate with; undefined for what is none. */
export function numeric(value: Value): bigint | number | undefined {
  return typeof value === "number" ? value : integerOf(value);
}

/** `value`, or another where there is none: None is a value, so `??` will not do. */
export function orElse<T>(value: Value | undefined, other: () => T): Value | T {
  return value === undefined ? other() : value;
}
