import type { Locals } from "./locals";
import type { Statement } from "./nodes";
import type { Place } from "./place";
import { Symbols } from "./symbols";

/** How statements ended: with the last of them, or with one that ends a loop or its turn. */
export type Ending = "end" | "break" | "continue";
/** What statements are compiled to: a function that writes what they print. */
export type Execute = (locals: Locals) => Ending;

/** Where a statement stands. */
export interface Scope extends Place {
  readonly inLoop: boolean;
}

/** A scope within `scope`, whose names are still to be analysed. */
export function innerScope(scope: Scope): Scope {
  return { symbols: new Symbols(scope.symbols), soft: false, inLoop: scope.inLoop };
}

/** Compiles statements that stand within another; handed in, so that no file has to know all kinds of them. */
export type CompileBody = (nodes: readonly Statement[], scope: Scope) => Execute;
