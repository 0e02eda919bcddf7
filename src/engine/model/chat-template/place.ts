import type { Locals } from "./locals";
import type { Expression } from "./nodes";
import type { Symbols } from "./symbols";
import type { Value } from "./values";

/** What an expression is compiled to: a function of the variables' values. */
export type Evaluate = (locals: Locals) => Value;

/** Where an expression stands. */
export interface Place {
  readonly symbols: Symbols;
  /** Whether it is within an `if`: there Jinja minds an unknown filter only once it is used. */
  readonly soft: boolean;
}

/** Compiles an expression that stands within another; handed in, so that no file has to know all kinds of them. */
export type Compile = (node: Expression, place: Place) => Evaluate;
