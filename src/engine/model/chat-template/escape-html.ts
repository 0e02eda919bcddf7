import { replaceCharacters } from "./characters";
import { boundedText } from "./limits";
import { toText } from "./text";
import { Markup, type Value } from "./values";

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  [">", "&gt;"],
  ["<", "&lt;"],
  ["'", "&#39;"],
  ['"', "&#34;"],
]);

/** A value's text for HTML, as markupsafe's `escape` makes it; what is marked as safe stays. @throws TemplateError */
export function escapeHtml(value: Value): string {
  if (value instanceof Markup) return value.text;
  const text = replaceCharacters(toText(value), /[&><'"]/g, (character) => ENTITIES.get(character) ?? character);
  boundedText(text.length);
  return text;
}
