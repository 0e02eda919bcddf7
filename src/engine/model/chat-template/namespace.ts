import { TemplateError } from "./template-error";
import { quoted } from "./text";
import { PyObject, type Value } from "./values";

/** What `namespace(…)` gives: the one thing whose attributes a template may set. */
export class Namespace extends PyObject {
  readonly typeName = "Namespace";
  readonly #attributes = new Map<string, Value>();

  /** @throws TemplateError for names that transformers forbids */
  set(name: string, value: Value): void {
    if (name.startsWith("_")) {
      throw new TemplateError(
        "Security",
        `Chat templates cannot store underscore-prefixed attributes on a namespace, but got '${name}'. ` +
          "Please rename the attribute.",
      );
    }
    this.#attributes.set(name, value);
  }

  override attribute(name: string): Value | undefined {
    return this.#attributes.get(name);
  }

  repr(write: (value: Value) => string): string {
    const pairs = [...this.#attributes].map(([name, value]) => `${quoted(name)}: ${write(value)}`);
    return `<Namespace {${pairs.join(", ")}}>`;
  }
}
