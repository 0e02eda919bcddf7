import { zip } from "../../numbers/elements";
import type { Locals } from "./locals";
import { isIterable, iterator } from "./iterate";
import { Namespace } from "./namespace";
import type { Expression } from "./nodes";
import { type Symbols, targets } from "./symbols";
import { TemplateError } from "./template-error";
import { typeName, type Value } from "./values";

/** What a target is compiled to: a function that sets it to a value. @throws TemplateError */
export type Assign = (locals: Locals, value: Value) => void;

/** Sets a target: a name, `ns.name`, or several of them, over which a value's items are spread. */
export function compileTarget(node: Expression, symbols: Symbols): Assign {
  switch (node.type) {
    case "name": {
      const variable = symbols.variable(node.name);
      return (locals, value) => {
        locals.set(variable, value);
      };
    }
    case "namespace target": {
      const namespace = namespaceOf(node.name, symbols);
      return (locals, value) => {
        namespace(locals).set(node.attribute, value);
      };
    }
    case "tuple": {
      const parts = node.items.map((item) => compileTarget(item, symbols));
      return (locals, value) => {
        for (const [assign, item] of zip(parts, unpack(value, parts.length))) assign(locals, item);
      };
    }
    default:
      throw new TemplateError("Syntax", `can't assign to '${node.type}'`);
  }
}

function namespaceOf(name: string, symbols: Symbols): (locals: Locals) => Namespace {
  const variable = symbols.variable(name);
  return (locals) => {
    const value = locals.get(variable);
    if (value instanceof Namespace) return value;
    throw new TemplateError("Type", "cannot assign attribute on non-namespace object");
  };
}

/** Fails, before a value is computed, where what stands before a dot in the target is no namespace. */
export function compileTargetCheck(node: Expression, symbols: Symbols): (locals: Locals) => void {
  const namespaces = targets(node)
    .filter((target) => target.type === "namespace target")
    .map(({ name }) => namespaceOf(name, symbols));
  return (locals) => {
    for (const namespace of namespaces) namespace(locals);
  };
}

function unpack(value: Value, count: number): Value[] {
  if (!isIterable(value)) throw new TemplateError("Type", `cannot unpack non-iterable ${typeName(value)} object`);
  const items: Value[] = [];
  const source = iterator(value);
  for (let next = source.next(); !next.done; next = source.next()) {
    if (items.length === count) {
      throw new TemplateError("Value", `too many values to unpack (expected ${count})`);
    }
    items.push(next.value);
  }
  if (items.length < count) {
    throw new TemplateError("Value", `not enough values to unpack (expected ${count}, got ${items.length})`);
  }
  return items;
}
