import { ParamscopeError } from "../../errors";
import type { GgufValue } from "./gguf-header";
import { quote } from "./quote";

/** Typed access to a GGUF file's metadata. Keys of the architecture are given without its name: `block_count`. */
export class GgufMetadata {
  readonly architecture: string;
  readonly #entries: ReadonlyMap<string, GgufValue>;

  constructor(
    readonly path: string,
    entries: ReadonlyMap<string, GgufValue>,
  ) {
    this.#entries = entries;
    const architecture = entries.get("general.architecture");
    if (typeof architecture !== "string") {
      throw new ParamscopeError(`${path} does not say which architecture it is of.`, "Convert the model again.");
    }
    this.architecture = quote(architecture);
  }

  get(key: string): GgufValue | undefined {
    return this.#entries.get(key);
  }

  /** All entries whose keys begin with `prefix`, sorted by key. */
  under(prefix: string): [string, GgufValue][] {
    return [...this.#entries].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1));
  }

  text(key: string): string | undefined {
    const value = this.#entries.get(key);
    return typeof value === "string" ? value : undefined;
  }

  flag(key: string): boolean | undefined {
    const value = this.#entries.get(key);
    return typeof value === "boolean" ? value : undefined;
  }

  texts(key: string): string[] | undefined {
    const value = this.#entries.get(key);
    return Array.isArray(value) && (value.length === 0 || typeof value[0] === "string")
      ? (value as string[])
      : undefined;
  }

  numbers(key: string): ArrayLike<number> | undefined {
    const value = this.#entries.get(key);
    return ArrayBuffer.isView(value) && !(value instanceof BigUint64Array) && !(value instanceof BigInt64Array)
      ? value
      : undefined;
  }

  /** A number, whatever the width it is stored in. */
  number(key: string): number | undefined {
    const value = this.#entries.get(key);
    if (typeof value === "number") return value;
    return typeof value === "bigint" ? Number(value) : undefined;
  }

  /** A number of the architecture, `llama.block_count` for `block_count`. Where it is given per layer, all have to agree. @throws ParamscopeError */
  own(key: string): number | undefined {
    const full = `${this.architecture}.${key}`;
    const perLayer = this.numbers(full);
    if (!perLayer || perLayer.length === 0) return this.number(full);
    for (let i = 1; i < perLayer.length; i++) {
      if (perLayer[i] !== perLayer[0]) {
        throw new ParamscopeError(
          `${this.path}: ${full} differs between layers, which is not supported.`,
          "Use a model whose layers have one shape.",
        );
      }
    }
    return perLayer[0];
  }

  /** A number of the architecture, of which 0 says that there is none. */
  ownButZero(key: string): number | undefined {
    const value = this.own(key);
    return value === 0 ? undefined : value;
  }

  /** @throws ParamscopeError when it is not there. */
  ownOrThrow(key: string): number {
    const value = this.own(key);
    if (value === undefined || !Number.isFinite(value)) {
      throw new ParamscopeError(
        `${this.path} lacks the metadata entry ${this.architecture}.${key}.`,
        "Convert the model again with a current llama.cpp.",
      );
    }
    return value;
  }

  ownText(key: string): string | undefined {
    return this.text(`${this.architecture}.${key}`);
  }

  ownFlag(key: string): boolean | undefined {
    return this.flag(`${this.architecture}.${key}`);
  }

  ownFlags(key: string): readonly boolean[] | undefined {
    const value = this.#entries.get(`${this.architecture}.${key}`);
    return Array.isArray(value) && typeof value[0] === "boolean" ? (value as boolean[]) : undefined;
  }
}
