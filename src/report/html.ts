import { inLine } from "../format/readable";

/** Text that is HTML already. */
export class Html {
  constructor(readonly text: string) {}
}

type Value = string | number | Html | readonly Html[];

/** A template of HTML: whatever is put in is escaped and can be read, except what is `Html` itself. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(strings.reduce((text, string, index) => text + render(values[index - 1] ?? "") + string));
}

function render(value: Value): string {
  if (value instanceof Html) return value.text;
  if (typeof value === "object") return value.map(({ text }) => text).join("");
  return inLine(String(value)).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
