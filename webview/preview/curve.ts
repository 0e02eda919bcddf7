import { nothing, type TemplateResult } from "lit";
import type { PruningDocument } from "../../src/engine/document/document";
import type { PruningPlan } from "../../src/pages/preview";
import { curveSection } from "../pruning/curve";
import { button } from "../shared/controls";
import type { Panel } from "./panel";
import { partOfView } from "./part";
import { criterionOptions } from "./plan";
import { html } from "../shared/template";

/** The curve of what was evaluated, and the form that asks for more of it. */
export function curvePart(panel: Panel, document: PruningDocument): TemplateResult | typeof nothing {
  const { view, change, post, parts } = panel;
  const { curve, perplexity } = document;
  if (perplexity === null) return nothing;
  const toggled = (criterion: PruningPlan["criterion"]) =>
    view.criteria.includes(criterion)
      ? view.criteria.filter((other) => other !== criterion)
      : [...view.criteria, criterion];
  return html`<div class="curve-part">
    <h3 id="curve-form-title">Perplexity from 10 % to 80 %</h3>
    <div class="criteria" role="group" aria-labelledby="curve-form-title">
      ${criterionOptions.map(
        ({ value, label }) =>
          html`<vscode-checkbox
            label=${label}
            .checked=${view.criteria.includes(value as PruningPlan["criterion"])}
            @change=${() => change({ criteria: toggled(value as PruningPlan["criterion"]) })}
          ></vscode-checkbox>`,
      )}
    </div>
    ${
      parts.curve.phase === "running"
        ? nothing
        : html`<div class="actions">
            ${button("Compute curve", () => post({ type: "measureCurve", criteria: view.criteria }), {
              disabled: view.criteria.length === 0,
            })}
          </div>`
    }
    ${partOfView(parts.curve, "curve", post)}
    ${curve.length > 0 ? curveSection(panel, document, perplexity) : nothing}
  </div>`;
}
