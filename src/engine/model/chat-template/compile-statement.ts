import { zip } from "../../numbers/elements";
import { compileTarget, compileTargetCheck } from "./assign";
import { compileCall } from "./compile-call";
import { compileExpression } from "./compile-expression";
import { compileBlockFilter } from "./compile-filter";
import { compileFor } from "./compile-loop";
import { compileMacro } from "./compile-macro";
import { spend } from "./limits";
import type { Locals } from "./locals";
import { Macro } from "./macro";
import type { AssignBlockNode, CallBlockNode, IfNode, Statement, WithNode } from "./nodes";
import { type Execute, innerScope, type Scope } from "./scope";
import { TemplateError } from "./template-error";
import { toText } from "./text";
import { truthy } from "./values";

/** Statements as a function that writes what they print. @throws TemplateError */
export function compileBody(nodes: readonly Statement[], scope: Scope): Execute {
  const statements = nodes.map((node) => compileStatement(node, scope));
  return (locals) => {
    for (const statement of statements) {
      spend(1);
      const ending = statement(locals);
      if (ending !== "end") return ending;
    }
    return "end";
  };
}

/** A statement of which nothing ends a loop. */
const always =
  (body: (locals: Locals) => void): Execute =>
  (locals) => {
    body(locals);
    return "end";
  };

function compileStatement(node: Statement, scope: Scope): Execute {
  switch (node.type) {
    case "data":
      return always((locals) => {
        locals.out.write(node.text);
      });
    case "output": {
      const nodes = node.nodes.map((child) => compileExpression(child, scope));
      return always((locals) => {
        for (const evaluate of nodes) locals.out.write(toText(evaluate(locals)));
      });
    }
    case "assign": {
      const check = compileTargetCheck(node.target, scope.symbols);
      const value = compileExpression(node.value, scope);
      const assign = compileTarget(node.target, scope.symbols);
      return always((locals) => {
        check(locals);
        assign(locals, value(locals));
      });
    }
    case "break":
    case "continue": {
      const { type } = node;
      if (!scope.inLoop) throw new TemplateError("Syntax", `'${type}' outside loop`);
      return () => type;
    }
    case "if":
      return compileIf(node, scope);
    case "for":
      return compileFor(node, scope, compileBody);
    case "macro": {
      const define = compileMacro({ ...node, kind: "macro" }, scope, compileBody);
      const variable = scope.symbols.variable(node.name);
      return always((locals) => {
        locals.set(variable, new Macro(define, locals));
      });
    }
    case "generation": {
      const body = compileMacro(
        { kind: "generation", parameters: [], defaults: [], body: node.body },
        scope,
        compileBody,
      );
      return always((locals) => {
        locals.out.write(toText(new Macro(body, locals).call({ positional: [], named: new Map() })));
      });
    }
    case "call block":
      return compileCallBlock(node, scope);
    case "filter block": {
      const inner = innerScope(scope);
      inner.symbols.analyzeAll([...node.body, node.filter]);
      const body = compileBody(node.body, inner);
      const filter = compileBlockFilter(node.filter, inner, compileExpression);
      return (locals) => {
        locals.enter(inner.symbols);
        const { text, result } = locals.capture(() => body(locals));
        if (result !== "end") return result;
        locals.out.write(toText(filter(locals, text)));
        locals.leave(inner.symbols);
        return "end";
      };
    }
    case "with":
      return compileWith(node, scope);
    case "assign block":
      return compileAssignBlock(node, scope);
  }
}

function compileIf(node: IfNode, scope: Scope): Execute {
  const soft = { ...scope, soft: true };
  const branches = [node, ...node.elifs].map(({ test, body }) => ({
    test: compileExpression(test, soft),
    body: compileBody(body, soft),
  }));
  const otherwise = compileBody(node.otherwise, soft);
  return (locals) => {
    for (const { test, body } of branches) if (truthy(test(locals))) return body(locals);
    return otherwise(locals);
  };
}

function compileWith(node: WithNode, scope: Scope): Execute {
  const inner = innerScope(scope);
  inner.symbols.analyzeAll([...node.targets, ...node.body]);
  const pairs = zip(node.targets, node.values).map(([target, value]) => ({
    assign: compileTarget(target, inner.symbols),
    value: compileExpression(value, scope),
  }));
  const body = compileBody(node.body, inner);
  return (locals) => {
    locals.enter(inner.symbols);
    for (const { assign, value } of pairs) assign(locals, value(locals));
    const ending = body(locals);
    if (ending === "end") locals.leave(inner.symbols);
    return ending;
  };
}

function compileAssignBlock(node: AssignBlockNode, scope: Scope): Execute {
  const inner = innerScope(scope);
  inner.symbols.analyzeAll(node.body);
  const body = compileBody(node.body, inner);
  const filter = node.filter && compileBlockFilter(node.filter, inner, compileExpression);
  const assign = compileTarget(node.target, scope.symbols);
  return (locals) => {
    locals.enter(inner.symbols);
    const { text, result } = locals.capture(() => body(locals));
    if (result !== "end") return result;
    assign(locals, filter ? filter(locals, text) : text);
    locals.leave(inner.symbols);
    return "end";
  };
}

function compileCallBlock(node: CallBlockNode, scope: Scope): Execute {
  const definition = compileMacro({ ...node, kind: "call block" }, scope, compileBody);
  const call = compileCall(node.call, scope, compileExpression, (locals) => new Macro(definition, locals));
  return always((locals) => {
    locals.out.write(toText(call(locals)));
  });
}
