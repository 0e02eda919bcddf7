import { compileBody } from "./compile-statement";
import { globals } from "./globals";
import { Budget, paying } from "./limits";
import { Locals } from "./locals";
import { parseTemplate } from "./parse-template";
import type { Execute } from "./scope";
import { Symbols } from "./symbols";
import { TemplateError } from "./template-error";
import type { Value } from "./values";

/**
 * A chat template: Jinja as transformers sets it up, which is Python's jinja2 in its sandbox, with `trim_blocks`,
 * `lstrip_blocks`, `break` and `continue`, the tag `generation`, a `tojson` that escapes nothing for HTML, and the
 * functions `raise_exception` and `strftime_now`. What it writes is what jinja2 writes, to the character.
 *
 * Templates come from strangers: no value of a template is an object of JavaScript's own, and what a template may compute is
 * bounded.
 */
export class ChatTemplate {
  readonly #execute: Execute;
  readonly #symbols = new Symbols();

  /** @throws TemplateError where the template is no Jinja, or asks for what is not supported */
  constructor(source: string) {
    this.#execute = guarded(() => {
      const body = parseTemplate(source);
      this.#symbols.analyzeAll(body);
      return compileBody(body, { symbols: this.#symbols, soft: false, inLoop: false });
    });
  }

  /**
   * The text that the template makes.
   *
   * @param names What the template may name, such as `messages`.
   * @param now The time that `strftime_now` writes.
   * @throws TemplateError
   */
  render(names: Iterable<readonly [string, Value]>, now: () => Date = () => new Date()): string {
    return guarded(() => {
      const budget = new Budget();
      const locals = new Locals({ names: new Map([...globals(now), ...names]), budget });
      return paying(budget, () => {
        locals.enter(this.#symbols);
        this.#execute(locals);
        return locals.out.toString();
      });
    });
  }
}

function guarded<T>(body: () => T): T {
  try {
    return body();
  } catch (error) {
    // The one error of JavaScript's own that a template can cause: its values or blocks lie too deep within each other,
    // or something is larger than the engine can hold.
    if (error instanceof RangeError) {
      const deep = error.message.includes("call stack");
      throw new TemplateError("Limit", deep ? "it is nested too deeply" : "it makes a value that is too large");
    }
    throw error;
  }
}
