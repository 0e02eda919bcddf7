import { compileArguments } from "./compile-call";
import type { FilterContext } from "./filter-types";
import { filters, refusedFilters } from "./filters";
import { spend } from "./limits";
import type { Locals } from "./locals";
import type { Expression, FilterNode } from "./nodes";
import { paid } from "./paid";
import type { Compile, Evaluate, Place } from "./place";
import { TemplateError, unsupported } from "./template-error";
import { tests } from "./tests";
import { type CallArguments, textOf, type Value } from "./values";

/** What a filter is compiled to: a function of the variables' values and of what it is applied to. */
export type Apply = (locals: Locals, value: Value) => Value;

function requireFilter(name: string): void {
  if (refusedFilters.has(name)) throw unsupported(`The filter '${name}'`);
  if (!filters.has(name)) throw new TemplateError("Syntax", `No filter named '${name}'.`);
}

function runFilter(name: string, value: Value, given: CallArguments): Value {
  requireFilter(name);
  spend(8);
  return paid(filters.get(name)?.(value, given, filterContext) ?? null);
}

const filterContext: FilterContext = { filter: runFilter, test: runTest };

/** One filter, without those before it in its chain. @throws TemplateError where it is unknown */
export function compileFilter(node: FilterNode, place: Place, compile: Compile): Apply {
  if (!place.soft) requireFilter(node.name);
  const given = compileArguments(node, place, compile);
  return (locals, value) => runFilter(node.name, value, given(locals));
}

/** The filters of a block, up to the one that its text is given to. @throws TemplateError */
export function compileBlockFilter(node: FilterNode, place: Place, compile: Compile): Apply {
  const filter = compileFilter(node, place, compile);
  const { node: inner } = node;
  if (!inner) return filter;
  if (inner.type !== "filter") throw new TemplateError("Syntax", "a block is headed by filters only");
  const before = compileBlockFilter(inner, place, compile);
  return (locals, text) => filter(locals, before(locals, text));
}

/** `value is name`. @throws TemplateError where the test is unknown */
export function compileTest(node: Expression & { type: "test" }, place: Place, compile: Compile): Evaluate {
  const value = compile(node.node, place);
  const given = compileArguments(node, place, compile);
  const { name } = node;
  if (!place.soft) requireTest(name);
  return (locals) => runTest(name, value(locals), given(locals));
}

function requireTest(name: string): void {
  if (!tests.has(name) && name !== "filter" && name !== "test") {
    throw new TemplateError("Syntax", `No test named '${name}'.`);
  }
}

function runTest(name: string, value: Value, given: CallArguments): boolean {
  requireTest(name);
  spend(2);
  const named = textOf(value) ?? "";
  if (name === "filter") return filters.has(named) || refusedFilters.has(named);
  if (name === "test") return tests.has(named) || named === "filter" || named === "test";
  return tests.get(name)?.(value, given) ?? false;
}
