import { PyDict } from "./dict";
import { itemsOf } from "./iterate";
import { spend } from "./limits";
import type { Locals } from "./locals";
import type { Arguments, CallNode } from "./nodes";
import { paid } from "./paid";
import type { Compile, Evaluate, Place } from "./place";
import { TemplateError } from "./template-error";
import { Callable, type CallArguments, typeName, Undefined } from "./values";

/** What a call costs beside what it does: variables of its own. */
const CALL = 16;

/** The arguments of a call, a filter or a test. @throws TemplateError */
export function compileArguments(node: Arguments, place: Place, compile: Compile): (locals: Locals) => CallArguments {
  const positional = node.positional.map((argument) => compile(argument, place));
  const named = node.named.map(({ name, value }) => ({ name, value: compile(value, place) }));
  const list = node.list && compile(node.list, place);
  const dict = node.dict && compile(node.dict, place);
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
export function compileCall(node: CallNode, place: Place, compile: Compile, caller?: Evaluate): Evaluate {
  const called = compile(node.node, place);
  const given = compileArguments(node, place, compile);
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
