import { compileTarget } from "./assign";
import { compileExpression } from "./compile-expression";
import { iterable } from "./iterate";
import { Locals, missing } from "./locals";
import { LoopContext } from "./loop-context";
import type { ForNode } from "./nodes";
import { type CompileBody, type Ending, type Execute, innerScope, type Scope } from "./scope";
import { stores, undeclared } from "./symbols";
import { TemplateError } from "./template-error";
import { PyIterator, truthy, type Value } from "./values";

type Filtered = (locals: Locals, items: Value) => Value;

/** A `for`. @throws TemplateError */
export function compileFor(node: ForNode, scope: Scope, compileBody: CompileBody): Execute {
  if (stores([node], "loop")) {
    throw new TemplateError("Syntax", "Can't assign to special loop variable in for-loop target");
  }
  const source = compileExpression(node.iterable, scope);
  const runItems = compileItems(node, scope, compileBody);
  if (!node.recursive) {
    return (locals) => runItems(locals, source(locals), undefined, 0);
  }
  return (locals) => {
    // Each level is a function of its own: it writes a text, and knows the variables around the loop.
    const recurse = (items: Value, depth: number): string => {
      const level = new Locals(locals.run, locals);
      runItems(level, items, recurse, depth);
      return level.out.toString();
    };
    locals.out.write(recurse(source(locals), 0));
    return "end";
  };
}

function compileItems(
  node: ForNode,
  scope: Scope,
  compileBody: CompileBody,
): (locals: Locals, items: Value, recurse: LoopContextRecursion | undefined, depth: number) => Ending {
  const loop: Scope = { ...innerScope(scope), inLoop: true };
  // Jinja keeps count only where the body asks for it.
  const counted = node.recursive || undeclared(node.body, "loop").has("loop");
  const loopVariable = counted ? loop.symbols.declareParameter("loop") : undefined;
  loop.symbols.analyzeLoop(node, "body");
  const otherwise: Scope = { ...innerScope(scope), inLoop: scope.inLoop && !node.recursive };
  otherwise.symbols.analyzeLoop(node, "else");
  const filtered = compileTest(node, scope);
  const assign = compileTarget(node.target, loop.symbols);
  const body = compileBody(node.body, loop);
  const elseBody = compileBody(node.otherwise, otherwise);

  return (locals, items, recurse, depth) => {
    const { budget } = locals.run;
    const all = filtered(locals, items);
    if (loopVariable !== undefined) locals.set(loopVariable, missing);
    const context = loopVariable === undefined ? undefined : new LoopContext(all, recurse, depth);
    const source = context ? steps(context) : iterable(all);
    let isEmpty = true;
    for (const item of source) {
      budget.spend(2);
      assign(locals, item);
      if (context && loopVariable !== undefined) locals.set(loopVariable, context);
      locals.enter(loop.symbols);
      const ending = body(locals);
      if (ending === "break") break;
      // A loop of which no item comes to its body's end counts as empty: so does Jinja.
      if (ending === "end") isEmpty = false;
    }
    locals.leave(loop.symbols);
    if (!isEmpty || node.otherwise.length === 0) return "end";
    locals.enter(otherwise.symbols);
    const ending = elseBody(locals);
    locals.leave(otherwise.symbols);
    return ending;
  };
}

type LoopContextRecursion = (items: Value, depth: number) => string;

function* steps(context: LoopContext): Iterable<Value> {
  for (let item = context.next(); item; item = context.next()) yield item.value;
}

/** The items that pass the loop's `if`, which knows none of the body's variables. */
function compileTest(node: ForNode, scope: Scope): Filtered {
  if (!node.test) return (_, items) => items;
  const inner = innerScope(scope);
  inner.symbols.analyzeLoop(node, "test");
  const test = compileExpression(node.test, inner);
  const assign = compileTarget(node.target, inner.symbols);
  return (locals, items) => {
    const passing = function* (): Iterable<Value> {
      const own = new Locals(locals.run, locals);
      own.enter(inner.symbols);
      for (const item of iterable(items)) {
        locals.run.budget.spend(1);
        assign(own, item);
        if (truthy(test(own))) yield item;
      }
    };
    return new PyIterator(passing());
  };
}
