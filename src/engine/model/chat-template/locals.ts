import { boundedText, type Budget, spend } from "./limits";
import type { Symbols } from "./symbols";
import { orElse, type Value } from "./values";

/** What a variable holds before anything is set. */
export const missing = Symbol("missing");
/** What a variable holds: a value, or nothing yet. */
export type Held = Value | typeof missing;

/** Text as it is written piece by piece. */
export class Output {
  readonly #parts: string[] = [];
  #length = 0;

  write(text: string): void {
    this.#length = boundedText(this.#length + text.length);
    this.#parts.push(text);
  }

  toString(): string {
    spend(this.#length / 32);
    return this.#parts.join("");
  }
}

/** What all of one use of a template share. */
export interface Run {
  /** What the template was given, and Jinja's own functions. */
  readonly names: ReadonlyMap<string, Value>;
  readonly budget: Budget;
}

/**
 * The variables of a call: of the template itself, a macro, a recursive loop. Scopes within it share them, as the function
 * does that Jinja compiles it to; what a scope has not itself is that of the function around it, as it is by then.
 */
export class Locals {
  readonly #held = new Map<string, Held>();
  /** How many calls are around this one: so far a look-up may go. */
  readonly #depth: number;
  out = new Output();

  readonly #outer: Locals | undefined;

  constructor(
    readonly run: Run,
    outer?: Locals,
  ) {
    this.#outer = outer;
    this.#depth = outer ? outer.#depth + 1 : 0;
  }

  get(variable: string): Held {
    const value = this.#held.get(variable);
    if (value !== undefined) return value;
    return this.#outer ? this.#outer.get(variable) : missing;
  }

  set(variable: string, value: Held): void {
    this.#held.set(variable, value);
  }

  /** Gives the variables of a scope the values that they have when it is entered. */
  enter(symbols: Symbols): void {
    spend(symbols.loads.size * (1 + this.#depth / 8));
    for (const [variable, load] of symbols.loads) {
      switch (load.from) {
        case "parameter":
          break;
        case "context":
          this.set(
            variable,
            orElse(this.run.names.get(load.name), () => missing),
          );
          break;
        case "outer":
          this.set(variable, this.get(load.variable));
          break;
        case "nowhere":
          this.set(variable, missing);
      }
    }
  }

  /** Forgets the variables of a scope, as Jinja does at its end. */
  leave(symbols: Symbols): void {
    spend(symbols.loads.size);
    for (const variable of symbols.loads.keys()) this.set(variable, missing);
  }

  /** What `body` writes, instead of writing it. */
  capture<T>(body: () => T): { text: string; result: T } {
    const { out } = this;
    this.out = new Output();
    const result = body();
    const text = this.out.toString();
    this.out = out;
    return { text, result };
  }
}
