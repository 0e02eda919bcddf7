import { filters, refusedFilters } from "./filters";
import type { FilterContext } from "./filter-types";
import { PyDict } from "./dict";
import { itemsOf } from "./iterate";
import { spend } from "./limits";
import { type Locals, missing } from "./locals";
import { getAttribute, getItem } from "./lookup";
import type { Arguments, CallNode, Expression, FilterNode } from "./nodes";
import { binary, compare, sign } from "./operators";
import { slice } from "./slices";
import { joinTexts } from "./string-methods";
import type { Symbols } from "./symbols";
import { TemplateError, unsupported } from "./template-error";
import { tests } from "./tests";
import { toText } from "./text";
import {
  Callable,
  type CallArguments,
  PyList,
  PyTuple,
  textOf,
  truthy,
  typeName,
  Undefined,
  type Value,
} from "./values";

export type Evaluate = (locals: Locals) => Value;

/** Where an expression stands. */
export interface Place {
  readonly symbols: Symbols;
  /** Within an `if`: there Jinja minds an unknown filter only once it is used. */
  readonly soft: boolean;
}

/** What a call costs beside what it does: variables of its own. */
const CALL = 16;

/** A value that was made, which its size is paid for where it is a text; a list is paid for as it is made. */
function paid(value: Value): Value {
  spend(1 + (textOf(value)?.length ?? 0) / 32);
  return value;
}

/** An expression as a function of the variables' values. @throws TemplateError for unknown filters and tests */
export function compileExpression(node: Expression, place: Place): Evaluate {
  const compile = (child: Expression): Evaluate => compileExpression(child, place);
  switch (node.type) {
    case "const": {
      const { value } = node;
      return () => value;
    }
    case "name": {
      const variable = place.symbols.variable(node.name);
      return (locals) => {
        const value = locals.get(variable);
        return value === missing ? new Undefined(`'${node.name}' is undefined`) : value;
      };
    }
    case "tuple":
    case "list": {
      const items = node.items.map(compile);
      const Type = node.type === "list" ? PyList : PyTuple;
      return (locals) => paid(new Type(items.map((item) => item(locals))));
    }
    case "dict": {
      const pairs = node.items.map((pair) => pair.map(compile));
      return (locals) => new PyDict(pairs.map(([key, value]) => [key(locals), value(locals)] as const));
    }
    case "binary": {
      const [left, right] = [compile(node.left), compile(node.right)];
      return (locals) => paid(binary(node.operator, left(locals), right(locals)));
    }
    case "logic": {
      const [left, right] = [compile(node.left), compile(node.right)];
      return (locals) => {
        spend(1);
        const value = left(locals);
        return truthy(value) === (node.operator === "and") ? right(locals) : value;
      };
    }
    case "unary": {
      const { operator } = node;
      const operand = compile(node.node);
      return operator === "not" ? (locals) => !truthy(operand(locals)) : (locals) => sign(operator, operand(locals));
    }
    case "concat": {
      const parts = node.nodes.map(compile);
      return (locals) =>
        paid(
          joinTexts(
            parts.map((part) => toText(part(locals))),
            "",
          ),
        );
    }
    case "compare": {
      const first = compile(node.node);
      const rest = node.operands.map(({ operator, node: operand }) => ({ operator, operand: compile(operand) }));
      return (locals) => {
        let left = first(locals);
        for (const { operator, operand } of rest) {
          const right = operand(locals);
          spend(1);
          if (!compare(operator, left, right)) return false;
          left = right;
        }
        return true;
      };
    }
    case "attribute": {
      const owner = compile(node.node);
      return (locals) => {
        spend(1);
        return getAttribute(owner(locals), node.name);
      };
    }
    case "item":
      return compileItem(node, place);
    case "call":
      return compileCall(node, place);
    case "filter": {
      if (!node.node) throw new Error("A filter of a block is compiled with it.");
      const value = compile(node.node);
      const filter = compileFilter(node, place);
      return (locals) => filter(locals, value(locals));
    }
    case "test": {
      const value = compile(node.node);
      const given = compileArguments(node, place);
      const { name } = node;
      if (!place.soft) requireTest(name);
      return (locals) => runTest(name, value(locals), given(locals));
    }
    case "conditional": {
      const softly = (child: Expression): Evaluate => compileExpression(child, { ...place, soft: true });
      const [test, then] = [softly(node.test), softly(node.then)];
      const otherwise = node.otherwise && softly(node.otherwise);
      const hint = `the inline if-expression on line ${node.line} evaluated to false and no else section was defined.`;
      return (locals) => {
        if (truthy(test(locals))) return then(locals);
        return otherwise ? otherwise(locals) : new Undefined(hint);
      };
    }
    case "slice":
    case "namespace target":
      throw new TemplateError("Syntax", `a ${node.type} stands where a value is needed`);
  }
}

function compileItem({ node, key }: Expression & { type: "item" }, place: Place): Evaluate {
  const owner = compileExpression(node, place);
  if (key.type !== "slice") {
    const item = compileExpression(key, place);
    return (locals) => {
      spend(1);
      return getItem(owner(locals), item(locals));
    };
  }
  const [start, stop, step] = [key.start, key.stop, key.step].map((bound) =>
    bound ? compileExpression(bound, place) : () => null,
  );
  return (locals) => paid(slice(owner(locals), { start: start(locals), stop: stop(locals), step: step(locals) }));
}

function compileArguments(node: Arguments, place: Place): (locals: Locals) => CallArguments {
  const positional = node.positional.map((argument) => compileExpression(argument, place));
  const named = node.named.map(({ name, value }) => ({ name, value: compileExpression(value, place) }));
  const list = node.list && compileExpression(node.list, place);
  const dict = node.dict && compileExpression(node.dict, place);
  return (locals) => {
    const given = positional.map((argument) => argument(locals));
    // One by one: a call of JavaScript's own takes only so many arguments.
    if (list) for (const item of itemsOf(list(locals))) given.push(item);
    const byName = new Map(named.map(({ name, value }) => [name, value(locals)]));
    const more = dict?.(locals);
    if (more !== undefined) {
      if (!(more instanceof PyDict)) throw new TemplateError("Type", "argument after ** must be a mapping");
      for (const [key, value] of more.entries()) {
        if (typeof key !== "string") throw new TemplateError("Type", "keywords must be strings");
        if (byName.has(key)) throw new TemplateError("Type", `got multiple values for keyword argument '${key}'`);
        spend(4);
        byName.set(key, value);
      }
    }
    return { positional: given, named: byName };
  };
}

/** A call; `caller` is what a call block hands over beside its arguments. @throws TemplateError */
export function compileCall(node: CallNode, place: Place, caller?: (locals: Locals) => Value): Evaluate {
  const called = compileExpression(node.node, place);
  const given = compileArguments(node, place);
  return (locals) => {
    const callable = called(locals);
    const { positional, named } = given(locals);
    if (callable instanceof Undefined) throw callable.failure();
    if (!(callable instanceof Callable)) {
      throw new TemplateError("Type", `'${typeName(callable)}' object is not callable`);
    }
    const { budget } = locals.run;
    const allNamed = caller ? new Map([...named, ["caller", caller(locals)]]) : named;
    spend(CALL);
    return paid(budget.deeper(() => callable.call({ positional, named: allNamed })));
  };
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

/** A filter and those before it in its chain, up to the one of a block's text. @throws TemplateError */
export function compileFilter(node: FilterNode, place: Place): (locals: Locals, value: Value) => Value {
  if (!place.soft) requireFilter(node.name);
  const given = compileArguments(node, place);
  return (locals, value) => runFilter(node.name, value, given(locals));
}

/** The filters of a block, as a function of its text. @throws TemplateError */
export function compileBlockFilter(node: FilterNode, place: Place): (locals: Locals, text: Value) => Value {
  const filter = compileFilter(node, place);
  const { node: inner } = node;
  if (!inner) return filter;
  if (inner.type !== "filter") throw new TemplateError("Syntax", "a block is headed by filters only");
  const before = compileBlockFilter(inner, place);
  return (locals, text) => filter(locals, before(locals, text));
}
