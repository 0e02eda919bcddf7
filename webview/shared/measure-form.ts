import { nothing, type TemplateResult } from "lit";
import type { TextChoice } from "../../src/pages/preview";
import { button } from "./controls";
import { html } from "./template";
import { textChoice } from "./text-choice";

/** On which text it is measured what a choice costs, and by which other ways as much is chosen and measured beside it. */
export function measureForm<Way extends string>({
  on,
  onText,
  more = nothing,
  ways,
  nameOf,
  chosen,
  onWays,
  isMeasured,
  onMeasure,
}: {
  readonly on: TextChoice;
  readonly onText: (on: TextChoice) => void;
  /** What else can be said of it. */
  readonly more?: TemplateResult | typeof nothing;
  readonly ways: readonly Way[];
  readonly nameOf: (way: Way) => string;
  readonly chosen: readonly Way[];
  readonly onWays: (ways: readonly Way[]) => void;
  readonly isMeasured: boolean;
  readonly onMeasure: () => void;
}): TemplateResult {
  const toggled = (way: Way): readonly Way[] =>
    chosen.includes(way) ? chosen.filter((other) => other !== way) : [...chosen, way];
  return html`<div class="controls">
      <div class="control">
        <span class="field-label" aria-hidden="true">Measure on</span>
        ${textChoice({ label: "Text to measure on", value: on, other: "Other file…", onChange: onText })}
      </div>
      ${more}
      <div class="control" role="group" aria-label="Other ways of choosing">
        <span class="field-label" aria-hidden="true">Beside it</span>
        <div class="ways">${ways.map(
          (way) =>
            html`<vscode-checkbox
              label=${nameOf(way)}
              .checked=${chosen.includes(way)}
              @change=${() => onWays(toggled(way))}
            ></vscode-checkbox>`,
        )}</div>
      </div>
    </div>
    <div class="actions">${button("Measure", onMeasure, { primary: !isMeasured })}</div>`;
}
