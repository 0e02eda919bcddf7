import { expect } from "vitest";
import { ChatTemplate } from "../../../../src/engine/model/chat-template/chat-template";
import { TemplateError } from "../../../../src/engine/model/chat-template/template-error";
import type { Value } from "../../../../src/engine/model/chat-template/values";

/** What a template makes of the variables that it is given. */
export function render(template: string, names: Readonly<Record<string, Value>> = {}): string {
  return new ChatTemplate(template).render(Object.entries(names));
}

/** What a template makes, or the error that it meets. */
export function outcome(template: string, names?: Readonly<Record<string, Value>>): string {
  try {
    return render(template, names);
  } catch (error) {
    expect(error).toBeInstanceOf(TemplateError);
    return (error as TemplateError).message;
  }
}
