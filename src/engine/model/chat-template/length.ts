import { pointCount } from "./characters";
import { TemplateError } from "./template-error";
import { PyObject, textOf, typeName, type Value } from "./values";

/** Python's `len`. @throws TemplateError */
export function lengthOf(value: Value): number {
  const text = textOf(value);
  const length = text === undefined ? (value instanceof PyObject ? value.length : undefined) : pointCount(text);
  if (length === undefined) throw new TemplateError("Type", `object of type '${typeName(value)}' has no len()`);
  return length;
}
