import { TemplateError } from "./template-error";
import { type CallArguments, integerOf, textOf, typeName, Undefined, type Value } from "./values";

/**
 * The arguments of a call in the order of `parameters`, such as `"old new count?"`: what is left out is undefined, which
 * only those with `?` may be. A leading `/` says that none may be given by name.
 *
 * @throws TemplateError
 */
export function bind(name: string, parameters: string, { positional, named }: CallArguments): (Value | undefined)[] {
  const words = parameters.split(" ").filter((word) => word !== "");
  const byNameToo = words[0] !== "/";
  if (!byNameToo) words.shift();
  const names = words.map((word) => word.replace("?", ""));
  if (positional.length > names.length) {
    throw new TemplateError(
      "Type",
      `${name}() takes at most ${names.length} argument${names.length === 1 ? "" : "s"} (${positional.length} given)`,
    );
  }
  const bound: (Value | undefined)[] = names.map((_, index) => positional[index]);
  for (const [key, value] of named) {
    const index = byNameToo ? names.indexOf(key) : -1;
    if (index < 0) throw new TemplateError("Type", `${name}() got an unexpected keyword argument '${key}'`);
    if (bound[index] !== undefined)
      throw new TemplateError("Type", `${name}() got multiple values for argument '${key}'`);
    bound[index] = value;
  }
  for (const [index, word] of words.entries()) {
    if (!word.endsWith("?") && bound[index] === undefined) {
      throw new TemplateError("Type", `${name}() missing required argument: '${names[index]}'`);
    }
  }
  return bound;
}

/** An int where Python needs an index. @throws TemplateError */
export function asIndex(value: Value): number {
  const integer = integerOf(value);
  if (integer === undefined) {
    if (value instanceof Undefined) throw value.failure();
    throw new TemplateError("Type", `'${typeName(value)}' object cannot be interpreted as an integer`);
  }
  // Nothing here is longer than what a number holds, so a bound beyond that is none.
  return Number(integer);
}

/** A text where Python needs a `str`. @throws TemplateError */
export function asText(name: string, value: Value): string {
  const text = textOf(value);
  if (text === undefined) throw new TemplateError("Type", `${name}: a str is needed, not '${typeName(value)}'`);
  return text;
}
