import { elementAt } from "../../numbers/elements";
import { PyDict } from "./dict";
import { spend } from "./limits";
import { type Held, Locals, missing } from "./locals";
import { TemplateError } from "./template-error";
import { quoted } from "./text";
import { Callable, type CallArguments, orElse, PyTuple, Undefined, type Value } from "./values";

/** A macro as it stands in the template: the same for all that it is defined anew by a loop. */
export interface MacroDefinition {
  readonly name: string | undefined;
  readonly parameters: readonly string[];
  /** The variables of the parameters, then of `caller`, `kwargs` and `varargs`, where the body reads those. */
  readonly variables: readonly string[];
  readonly takesCaller: boolean;
  readonly takesNamed: boolean;
  readonly takesMore: boolean;
  /** Sets defaults, and writes the body. */
  readonly body: (locals: Locals) => void;
}

/** What `macro` defines, and what `caller` is within a call block. */
export class Macro extends Callable {
  readonly typeName = "Macro";
  readonly #definition: MacroDefinition;
  readonly #around: Locals;

  constructor(definition: MacroDefinition, around: Locals) {
    super();
    this.#definition = definition;
    this.#around = around;
  }

  override call(given: CallArguments): Value {
    const definition = this.#definition;
    const around = this.#around;
    // Variables and a text of its own.
    spend(32);
    const locals = new Locals(around.run, around);
    const values = this.#bound(given);
    for (const [index, variable] of definition.variables.entries()) locals.set(variable, elementAt(values, index));
    definition.body(locals);
    return locals.out.toString();
  }

  /** The values of the definition's variables, as `jinja2.runtime.Macro` finds them. */
  #bound({ positional, named }: CallArguments): Held[] {
    const { name, parameters, takesCaller, takesNamed, takesMore } = this.#definition;
    const title = name === undefined ? "None" : quoted(name);
    spend(4 * named.size + positional.length / 4);
    const rest = new Map(named);
    const take = (key: string): Value | undefined => {
      const value = rest.get(key);
      rest.delete(key);
      return value;
    };
    const values: Held[] = positional.slice(0, parameters.length);
    const byName = parameters.slice(values.length);
    const callerFound = byName.length > 0 ? byName.includes("caller") : parameters.includes("caller");
    for (const parameter of byName) values.push(orElse(take(parameter), () => missing));
    if (takesCaller && !callerFound) values.push(orElse(take("caller"), () => new Undefined("No caller defined")));
    if (takesNamed) values.push(new PyDict(rest));
    const [unexpected] = rest.keys();
    if (!takesNamed && unexpected !== undefined) {
      if (rest.has("caller")) {
        throw new TemplateError(
          "Type",
          `macro ${title} was invoked with two values for the special caller argument. This is most likely a bug.`,
        );
      }
      throw new TemplateError("Type", `macro ${title} takes no keyword argument ${quoted(unexpected)}`);
    }
    if (takesMore) values.push(new PyTuple(positional.slice(parameters.length)));
    else if (positional.length > parameters.length) {
      throw new TemplateError("Type", `macro ${title} takes not more than ${parameters.length} argument(s)`);
    }
    return values;
  }

  override attribute(name: string): Value | undefined {
    const definition = this.#definition;
    switch (name) {
      case "name":
        return definition.name ?? null;
      case "arguments":
        return new PyTuple(definition.parameters);
      case "caller":
        return definition.takesCaller;
      case "catch_kwargs":
        return definition.takesNamed;
      case "catch_varargs":
        return definition.takesMore;
      default:
        return undefined;
    }
  }

  repr(): string {
    return `<Macro ${this.#definition.name === undefined ? "anonymous" : quoted(this.#definition.name)}>`;
  }
}
