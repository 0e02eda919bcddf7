import { compileTarget, compileTargetCheck } from "./assign";
import { compileBlockFilter, compileCall, compileExpression, type Place } from "./compile-expression";
import { compileFor } from "./compile-loop";
import { spend } from "./limits";
import type { Locals } from "./locals";
import { missing } from "./locals";
import { Macro, type MacroDefinition } from "./macro";
import type { AssignBlockNode, CallBlockNode, Expression, IfNode, Signature, Statement, WithNode } from "./nodes";
import { Symbols, undeclared } from "./symbols";
import { TemplateError } from "./template-error";
import { toText } from "./text";
import { truthy, Undefined } from "./values";

/** How statements ended. */
export type Ending = "end" | "break" | "continue";
export type Execute = (locals: Locals) => Ending;

export interface Scope extends Place {
  readonly inLoop: boolean;
}

/** A scope within `scope`, whose names are still to be analysed. */
export function innerScope(scope: Scope): Scope {
  return { symbols: new Symbols(scope.symbols), soft: false, inLoop: scope.inLoop };
}

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
      return compileFor(node, scope);
    case "macro": {
      const define = compileMacro({ ...node, kind: "macro" }, scope);
      const variable = scope.symbols.variable(node.name);
      return always((locals) => {
        locals.set(variable, new Macro(define, locals));
      });
    }
    case "generation": {
      const body = compileMacro({ kind: "generation", parameters: [], defaults: [], body: node.body }, scope);
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
      const filter = compileBlockFilter(node.filter, inner);
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
  const pairs = node.targets.map((target: Expression, index) => ({
    assign: compileTarget(target, inner.symbols),
    value: compileExpression(node.values[index], scope),
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
  const filter = node.filter && compileBlockFilter(node.filter, inner);
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
  const definition = compileMacro({ ...node, kind: "call block" }, scope);
  const call = compileCall(node.call, scope, (locals) => new Macro(definition, locals));
  return always((locals) => {
    locals.out.write(toText(call(locals)));
  });
}

type MacroSource = Signature &
  ({ readonly kind: "macro"; readonly name: string } | { readonly kind: "call block" | "generation" });

function compileMacro(node: MacroSource, scope: Scope): MacroDefinition {
  const inner: Scope = { ...innerScope(scope), inLoop: false };
  const { symbols } = inner;
  symbols.analyzeSignature(node);
  const parameters = node.parameters.map(({ name }) => name);
  const variables = parameters.map((name) => symbols.variable(name));
  const free = undeclared(node.body, "caller", "kwargs", "varargs");
  const firstDefault = parameters.length - node.defaults.length;
  if (free.has("caller") && parameters.includes("caller") && parameters.indexOf("caller") < firstDefault) {
    throw new TemplateError(
      "Syntax",
      'When defining macros or call blocks the special "caller" argument must be omitted or be given a default.',
    );
  }
  const takesNamed = free.has("kwargs") && !parameters.includes("kwargs");
  const takesMore = free.has("varargs") && !parameters.includes("varargs");
  if (free.has("caller") && !parameters.includes("caller")) variables.push(symbols.declareParameter("caller"));
  if (takesNamed) variables.push(symbols.declareParameter("kwargs"));
  if (takesMore) variables.push(symbols.declareParameter("varargs"));
  symbols.analyzeSignature(node);
  const defaults = parameters.map((name, index) => ({
    name,
    variable: variables[index],
    value: index < firstDefault ? undefined : compileExpression(node.defaults[index - firstDefault], inner),
  }));
  const body = compileBody(node.body, inner);
  return {
    name: node.kind === "macro" ? node.name : undefined,
    parameters,
    variables,
    takesCaller: free.has("caller"),
    takesNamed,
    takesMore,
    body: (locals) => {
      locals.enter(symbols);
      for (const { name, variable, value } of defaults) {
        if (locals.get(variable) !== missing) continue;
        locals.set(variable, value ? value(locals) : new Undefined(`parameter '${name}' was not provided`));
      }
      body(locals);
    },
  };
}
