import { spend } from "./limits";
import { textOf, type Value } from "./values";

/** The value that an operation made, paid for: by its size where it is a text, while a list is paid for as it is made. @throws TemplateError */
export function paid(value: Value): Value {
  spend(1 + (textOf(value)?.length ?? 0) / 32);
  return value;
}
