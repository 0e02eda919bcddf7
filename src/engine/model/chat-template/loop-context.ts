import { elementAt } from "../../numbers/elements";
import { equal } from "./compare";
import { iterator } from "./iterate";
import { lengthOf } from "./length";
import { isError, TemplateError } from "./template-error";
import { Callable, type CallArguments, NativeFunction, PyTuple, Undefined, type Value } from "./values";

/** What `loop` is within a `for`: where the loop is, and the loop itself to call where it is recursive. */
export class LoopContext extends Callable {
  readonly typeName = "LoopContext";
  #items: Iterator<Value>;
  #index0 = -1;
  #knownLength: number | undefined;
  #ahead: { value: Value } | undefined;
  #current: Value | undefined;
  #before: Value | undefined;
  #lastChanged: PyTuple | undefined;
  readonly #source: Value;
  readonly #recurse: ((items: Value, depth: number) => string) | undefined;
  readonly #depth0: number;

  constructor(source: Value, recurse: ((items: Value, depth: number) => string) | undefined, depth0: number) {
    super();
    this.#source = source;
    this.#recurse = recurse;
    this.#depth0 = depth0;
    this.#items = iterator(source);
  }

  /** The next item, or undefined at the end. */
  next(): { value: Value } | undefined {
    const item = this.#peek();
    this.#ahead = undefined;
    if (!item) return undefined;
    this.#index0++;
    this.#before = this.#current;
    this.#current = item.value;
    return item;
  }

  #peek(): { value: Value } | undefined {
    if (this.#ahead) return this.#ahead;
    const next = this.#items.next();
    this.#ahead = next.done ? undefined : { value: next.value };
    return this.#ahead;
  }

  override get length(): number {
    if (this.#knownLength !== undefined) return this.#knownLength;
    try {
      this.#knownLength = lengthOf(this.#source);
    } catch (error) {
      if (!isError(error, "Type")) throw error;
      // Items that are computed one by one are all computed now.
      const rest: Value[] = [];
      for (let item = this.#items.next(); !item.done; item = this.#items.next()) rest.push(item.value);
      this.#items = rest.values();
      this.#knownLength = rest.length + this.#index0 + 1 + (this.#ahead ? 1 : 0);
    }
    return this.#knownLength;
  }

  override call(given: CallArguments): Value {
    if (!this.#recurse) {
      throw new TemplateError("Type", "The loop must have the 'recursive' marker to be called recursively.");
    }
    const [items, ...more] = given.positional;
    if (items === undefined || more.length > 0 || given.named.size > 0) {
      throw new TemplateError("Type", "loop() takes one argument");
    }
    return this.#recurse(items, this.#depth0 + 1);
  }

  override attribute(name: string): Value | undefined {
    switch (name) {
      case "index0":
        return BigInt(this.#index0);
      case "index":
        return BigInt(this.#index0 + 1);
      case "revindex0":
        return BigInt(this.length - this.#index0 - 1);
      case "revindex":
        return BigInt(this.length - this.#index0);
      case "length":
        return BigInt(this.length);
      case "depth0":
        return BigInt(this.#depth0);
      case "depth":
        return BigInt(this.#depth0 + 1);
      case "first":
        return this.#index0 === 0;
      case "last":
        return this.#peek() === undefined;
      case "previtem":
        return this.#index0 > 0 && this.#before !== undefined
          ? this.#before
          : new Undefined("there is no previous item");
      case "nextitem":
        return this.#peek()?.value ?? (this.#peek() ? null : new Undefined("there is no next item"));
      case "cycle":
        return new NativeFunction("cycle", ({ positional }) => {
          if (positional.length === 0) throw new TemplateError("Type", "no items for cycling given");
          return elementAt(positional, this.#index0 % positional.length);
        });
      case "changed":
        return new NativeFunction("changed", ({ positional }) => {
          const value = new PyTuple(positional);
          if (this.#lastChanged && equal(this.#lastChanged, value)) return false;
          this.#lastChanged = value;
          return true;
        });
      default:
        return undefined;
    }
  }

  repr(): string {
    return `<LoopContext ${this.#index0 + 1}/${this.length}>`;
  }
}
