import { spendText } from "./limits";

/** `texts` with `separator` between them. @throws TemplateError where that is too long */
export function joinTexts(texts: readonly string[], separator: string): string {
  let length = separator.length * texts.length;
  for (const text of texts) length += text.length;
  spendText(length);
  return texts.join(separator);
}
