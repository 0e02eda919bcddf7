import type { VscodeTextfield } from "@vscode-elements/elements/dist/vscode-textfield/index.js";
import type { ChosenThreshold } from "../../src/engine/document/at-threshold";
import { nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { formatNumber, formatShare } from "../../src/format/numbers";
import { clamp } from "../shared/scales";
import { shownMeasure } from "./beside-typical";
import { explanations } from "./explanations";
import type { Panel } from "./panel";
import { explain } from "../shared/section";
import { parseShare, parseTau } from "./threshold-text";
import { html } from "../shared/template";

/** The least share that the slider goes down to. */
const leastShare = 1e-5;

/** Share and absolute threshold side by side: one follows the other, and all views follow both. */
export function thresholdControl(panel: Panel): TemplateResult {
  const { activity, document, view, change, post } = panel;
  const several = document.samples.length > 1;
  const share = view.threshold?.mode === "share" ? view.threshold.share : activity.share;
  const own = document.threshold;
  // shares beside typical texts do not depend on it: who moves it is shown what does
  const measure = shownMeasure(panel) === "typical" ? ("density" as const) : view.measure;
  const choose = (threshold: ChosenThreshold) => change({ threshold, ...(measure && { measure }) });
  const setShare = (share: number | undefined) => {
    if (share !== undefined) choose({ mode: "share", share });
  };
  const setTau = (tau: number | undefined) => {
    if (tau !== undefined) choose({ mode: "absolute", tau });
  };
  const field = (label: string, value: string, onChange: (text: string) => void) =>
    html`<vscode-textfield
      class="figure"
      .label=${label}
      .value=${live(value)}
      @change=${(event: Event) => onChange((event.currentTarget as VscodeTextfield).value)}
    ></vscode-textfield>`;
  return html`<section class="threshold-control" aria-label="Threshold">
    <div class="line">
      <span>Active: ${several ? "mean activation" : "activation"} ≥</span>
      ${field("Threshold, absolute", formatNumber(activity.tau), (text) => setTau(parseTau(text)))}
      <span>=</span>
      ${field("Threshold, as a share of all weights", formatShare(share), (text) => setShare(parseShare(text)))}
      <span>of all weights</span>
      <input
        type="range"
        aria-label="Share of all weights that counts as active"
        aria-valuetext="${formatShare(share)} of all weights, threshold ${formatNumber(activity.tau)}"
        min=${Math.log10(leastShare)}
        max="0"
        step="0.01"
        .value=${live(String(clamp(Math.log10(share || leastShare), Math.log10(leastShare), 0)))}
        @input=${(event: Event) => setShare(10 ** Number((event.currentTarget as HTMLInputElement).value))}
      />
      ${
        view.threshold
          ? html`<vscode-toolbar-button
              label="Back to the ${own.run ? "saved threshold" : "threshold of the run"}, ${formatShare(own.share)}"
              @click=${() => change({ threshold: undefined })}
              >Reset to ${formatShare(own.share)}</vscode-toolbar-button
            >`
          : nothing
      }
      ${explain(post, explanations.threshold, "Threshold")}
    </div>
  </section>`;
}
