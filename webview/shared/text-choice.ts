import type { TemplateResult } from "lit";
import type { TextChoice } from "../../src/pages/preview";
import { option, select } from "./controls";

/** Which texts something is done with: what the editor shows, or others, which are asked for. @param other `Folder…` */
export function textChoice({
  label,
  value,
  other,
  onChange,
}: {
  readonly label: string;
  readonly value: TextChoice;
  readonly other: string;
  readonly onChange: (choice: TextChoice) => void;
}): TemplateResult {
  return select({
    label,
    value,
    options: [option("file", "This file"), option("selection", "Selection"), option("other", other)],
    onChange: (choice) => onChange(choice as TextChoice),
  });
}
