import { elementAt } from "../../numbers/elements";
import { compileExpression } from "./compile-expression";
import { missing } from "./locals";
import type { MacroDefinition } from "./macro";
import type { Signature } from "./nodes";
import { type CompileBody, innerScope, type Scope } from "./scope";
import { undeclared } from "./symbols";
import { TemplateError } from "./template-error";
import { Undefined } from "./values";

type MacroSource = Signature &
  ({ readonly kind: "macro"; readonly name: string } | { readonly kind: "call block" | "generation" });

/** What a `macro`, a call block or a `generation` defines. @throws TemplateError */
export function compileMacro(node: MacroSource, scope: Scope, compileBody: CompileBody): MacroDefinition {
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
    variable: elementAt(variables, index),
    value: index < firstDefault ? undefined : compileExpression(elementAt(node.defaults, index - firstDefault), inner),
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
