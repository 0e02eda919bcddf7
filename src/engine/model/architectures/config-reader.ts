import { ParamscopeError } from "../../errors";

/** No released model comes near it; a larger number is a damaged or hostile file, and would size our arrays. */
const LARGEST_SIZE = 2 ** 24;

/** Reads a `config.json`, whose numbers come from strangers, key by key. */
export class ConfigReader {
  constructor(
    readonly values: Readonly<Record<string, unknown>>,
    private readonly path: string,
  ) {}

  /** The same with some values put in the place of others. */
  with(values: Readonly<Record<string, unknown>>): ConfigReader {
    return new ConfigReader({ ...this.values, ...values }, this.path);
  }

  /** The same with what transformers takes where a key is missing; null stays null, which switches off what the key is of. */
  withDefaults(defaults: Readonly<Record<string, unknown>>): ConfigReader {
    const missing = Object.entries(defaults).filter(([key]) => this.values[key] === undefined);
    return this.with(Object.fromEntries(missing));
  }

  fail(problem: string): never {
    throw new ParamscopeError(
      `The configuration of ${this.path} ${problem}.`,
      "Get the model again from where it is published.",
    );
  }

  /** Something real that we do not compute: refused by name, never approximated. */
  unsupported(what: string): never {
    throw new ParamscopeError(
      `${this.path} needs ${what}, which is not supported.`,
      "docs/architectures.md lists what is.",
    );
  }

  has(key: string): boolean {
    return this.values[key] !== undefined && this.values[key] !== null;
  }

  /** A size or count, at least 1. Several keys: the first that is there. */
  size(key: string, fallback?: number): number {
    const value = this.has(key) ? this.values[key] : fallback;
    if (value === undefined) this.fail(`lacks ${key}`);
    if (typeof value !== "number" || !Number.isInteger(value) || value < 1 || value > LARGEST_SIZE)
      this.fail(`says ${key} ${JSON.stringify(value)}, which is no size`);
    return value;
  }

  number(key: string, fallback?: number): number {
    const value = this.has(key) ? this.values[key] : fallback;
    if (value === undefined) this.fail(`lacks ${key}`);
    if (typeof value !== "number" || !Number.isFinite(value))
      this.fail(`says ${key} ${JSON.stringify(value)}, which is no number`);
    return value;
  }

  flag(key: string, fallback: boolean): boolean {
    const value = this.has(key) ? this.values[key] : fallback;
    if (typeof value !== "boolean") this.fail(`says ${key} ${JSON.stringify(value)}, which is neither true nor false`);
    return value;
  }

  string(key: string, fallback?: string): string {
    const value = this.has(key) ? this.values[key] : fallback;
    if (typeof value !== "string") this.fail(`says ${key} ${JSON.stringify(value)}, which is no text`);
    return value;
  }

  /** A list with one entry per layer, or undefined. */
  perLayer(key: string, layers: number): readonly unknown[] | undefined {
    if (!this.has(key)) return undefined;
    const value: unknown = this.values[key];
    if (!Array.isArray(value) || value.length < layers)
      this.fail(`says ${key} without one entry for each of ${layers} layers`);
    return value as readonly unknown[];
  }

  /** An object inside this one, or undefined. */
  object(key: string): ConfigReader | undefined {
    if (!this.has(key)) return undefined;
    const value = this.values[key];
    if (typeof value !== "object" || value === null || Array.isArray(value))
      this.fail(`says ${key}, which is no object`);
    return new ConfigReader(value as Record<string, unknown>, this.path);
  }
}
