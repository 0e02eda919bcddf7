import type { TemplateResult } from "lit";
import { calibrationForm, type Form } from "./calibration";
import { html } from "../shared/template";

/** Chooses formats with texts; the result is a page of its own, with room for the map and the slider. */
export function bitsForm(form: Form): TemplateResult {
  return html`<section class="welcome" aria-labelledby="bits-title">
    <h1 id="bits-title">How many bits does each matrix need?</h1>
    <p>
      Choose texts of the kind that the model is for. What rounding each matrix would cost them is measured once; then a
      slider chooses a format for each within any size, and the file can be written.
    </p>
    ${calibrationForm(form, { onMeasure: (from) => form.post({ type: "chooseFormats", from }) })}
    <p class="note">Nothing of the model is changed. The result opens beside the text.</p>
  </section>`;
}
