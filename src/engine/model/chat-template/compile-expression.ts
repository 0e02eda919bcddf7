import { compileCall } from "./compile-call";
import { compileFilter, compileTest } from "./compile-filter";
import { PyDict } from "./dict";
import { joinTexts } from "./join-texts";
import { spend } from "./limits";
import { missing } from "./locals";
import { getAttribute, getItem } from "./lookup";
import type { Expression } from "./nodes";
import { binary, compare, sign } from "./operators";
import { paid } from "./paid";
import type { Evaluate, Place } from "./place";
import { slice } from "./slices";
import { TemplateError } from "./template-error";
import { toText } from "./text";
import { PyList, PyTuple, truthy, Undefined } from "./values";

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
      const pairs = node.items.map(([key, value]) => [compile(key), compile(value)] as const);
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
      return compileCall(node, place, compileExpression);
    case "filter": {
      if (!node.node) throw new Error("A filter of a block is compiled with it.");
      const value = compile(node.node);
      const filter = compileFilter(node, place, compileExpression);
      return (locals) => filter(locals, value(locals));
    }
    case "test":
      return compileTest(node, place, compileExpression);
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
  const compileBound = (bound: Expression | undefined): Evaluate =>
    bound ? compileExpression(bound, place) : () => null;
  const [start, stop, step] = [compileBound(key.start), compileBound(key.stop), compileBound(key.step)];
  return (locals) => paid(slice(owner(locals), { start: start(locals), stop: stop(locals), step: step(locals) }));
}
