import { ParamscopeError } from "../../errors";
import { quote, quoteJson } from "../formats/quote";

/** No released model comes near it; a larger number is a damaged or hostile file, and would size our arrays. */
const LARGEST_SIZE = 2 ** 24;

/** What is said of a configuration may have something of it in it, of any length. */
const LONGEST = 300;

/** Reads a `config.json`, whose numbers come from strangers, key by key. */
export class ConfigReader {
  readonly #path: string;
  readonly #tensors: readonly string[];

  /** @param tensors names of what is stored, where that is known: one model may be stored in two ways. */
  constructor(
    readonly values: Readonly<Record<string, unknown>>,
    path: string,
    tensors: readonly string[] = [],
  ) {
    this.#path = path;
    this.#tensors = tensors;
  }

  /** Whether a tensor is stored under such a name. */
  stores(name: RegExp): boolean {
    return this.#tensors.some((stored) => name.test(stored));
  }

  /** This configuration with some values put in the place of others. */
  with(values: Readonly<Record<string, unknown>>): ConfigReader {
    return new ConfigReader({ ...this.values, ...values }, this.#path, this.#tensors);
  }

  /** This configuration with what transformers takes where a key is missing; null stays null, which switches off what the key is of. */
  withDefaults(defaults: Readonly<Record<string, unknown>>): ConfigReader {
    const missing = Object.entries(defaults).filter(([key]) => this.values[key] === undefined);
    return this.with(Object.fromEntries(missing));
  }

  /** This configuration, refused where one of the keys is null; each may be missing. @throws ParamscopeError */
  refusingNull(...keys: readonly string[]): ConfigReader {
    keys.forEach((key) => {
      if (this.values[key] === null) this.fail(`says ${key} null`);
    });
    return this;
  }

  fail(problem: string): never {
    throw new ParamscopeError(
      `The configuration of ${this.#path} ${quote(problem, LONGEST)}.`,
      "Get the model again from where it is published.",
    );
  }

  /** Something real that we do not compute: refused by name, never approximated. */
  unsupported(what: string): never {
    throw new ParamscopeError(
      `${this.#path} needs ${quote(what, LONGEST)}, which is not supported.`,
      "docs/architectures.md lists what is.",
    );
  }

  /** Another object of the same file. */
  inside(values: Readonly<Record<string, unknown>>): ConfigReader {
    return new ConfigReader(values, this.#path, this.#tensors);
  }

  /** Whether a key is there and not null. */
  has(key: string): boolean {
    return this.values[key] !== undefined && this.values[key] !== null;
  }

  /** A size or count, at least 1. Null is none: transformers refuses it, but where `optionalSize` is read. */
  size(key: string, fallback?: number): number {
    const value = this.#given(key, fallback);
    if (typeof value !== "number" || !Number.isInteger(value) || value < 1 || value > LARGEST_SIZE)
      this.fail(`says ${key} ${quoteJson(value)}, which is no size`);
    return value;
  }

  /** A size; undefined where it is missing or null. */
  optionalSize(key: string): number | undefined {
    return this.has(key) ? this.size(key) : undefined;
  }

  number(key: string, fallback?: number): number {
    const value = this.#given(key, fallback);
    if (typeof value !== "number" || !Number.isFinite(value))
      this.fail(`says ${key} ${quoteJson(value)}, which is no number`);
    return value;
  }

  /** A number; undefined where it is missing or null. */
  optionalNumber(key: string): number | undefined {
    return this.has(key) ? this.number(key) : undefined;
  }

  /** A number above 0. */
  positive(key: string, fallback?: number): number {
    const value = this.number(key, fallback);
    if (value <= 0) this.fail(`says ${key} ${value}`);
    return value;
  }

  flag(key: string, fallback: boolean): boolean {
    const value = this.#given(key, fallback);
    if (typeof value !== "boolean") this.fail(`says ${key} ${quoteJson(value)}, which is neither true nor false`);
    return value;
  }

  string(key: string, fallback?: string): string {
    const value = this.#given(key, fallback);
    if (typeof value !== "string") this.fail(`says ${key} ${quoteJson(value)}, which is no text`);
    return value;
  }

  #given(key: string, fallback: unknown): unknown {
    const value = this.values[key] === undefined ? fallback : this.values[key];
    if (value === undefined) this.fail(`lacks ${key}`);
    return value;
  }

  /** A list with an entry for each layer, and perhaps more; undefined where it is missing or null. */
  perLayer(key: string, layers: number): readonly unknown[] | undefined {
    if (!this.has(key)) return undefined;
    const value: unknown = this.values[key];
    if (!Array.isArray(value) || value.length < layers)
      this.fail(`says ${key} without one entry for each of ${layers} layers`);
    return value as readonly unknown[];
  }

  /** The numbers of some layers; none where it is missing or null. */
  layerList(key: string): readonly number[] {
    const value: unknown = this.values[key] ?? [];
    if (!Array.isArray(value) || !value.every((layer) => Number.isInteger(layer)))
      this.fail(`says ${key} ${quoteJson(value)}, which are no numbers of layers`);
    return value as readonly number[];
  }

  /** An object inside this one; undefined where it is missing or null. */
  object(key: string): ConfigReader | undefined {
    if (!this.has(key)) return undefined;
    const value = this.values[key];
    if (typeof value !== "object" || value === null || Array.isArray(value))
      this.fail(`says ${key}, which is no object`);
    return new ConfigReader(value as Record<string, unknown>, this.#path, this.#tensors);
  }
}
