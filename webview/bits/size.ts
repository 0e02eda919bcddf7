import { nothing, type TemplateResult } from "lit";
import { formatBytes } from "../../src/engine/numbers/bytes";
import { plannedSentence, quantizeCommand } from "../../src/format/bits";
import { bitsOfBytes, canChooseAgain } from "../../src/format/chosen-again";
import { button, rangeSlider } from "../shared/controls";
import { copyText } from "../shared/copy-text";
import { html } from "../shared/template";
import type { Panel } from "./panel";

/** Hundredths of a bit: formats differ by more. */
const STEP = 0.01;

/** The size that formats are chosen at, and what can be made of that choice. */
export function sizeSection(panel: Panel): TemplateResult | typeof nothing {
  const { document, planned, inEditor, post } = panel;
  const bits = wantedBits(panel);
  const sentence = plannedSentence(document, planned);
  return html`<section class="section size" aria-label="Size">
    ${canChooseAgain(document) ? slider(panel) : nothing}
    <div class="actions">
      ${inEditor ? button("Write GGUF file…", () => post({ type: "chooseFormats", bits, file: true })) : nothing}
      ${button("Copy command", () => void copyText(quantizeCommand(planned, bits)))}
    </div>
    ${sentence === "" ? nothing : html`<p class="finding" role="status">${sentence}</p>`}
  </section>`;
}

/** The size that is asked for, in bits of a weight. */
export function wantedBits({ view, document }: Pick<Panel, "view" | "document">): number {
  return view.bits === 0 || !canChooseAgain(document) ? document.size.bitsPerWeight : view.bits;
}

function slider({ document, planned, view, change }: Panel): TemplateResult {
  const low = Math.ceil(bitsOfBytes(document, document.size.least) / STEP) * STEP;
  const high = Math.max(low + STEP, Math.ceil(bitsOfBytes(document, document.size.most) / STEP) * STEP);
  const { bytes, bitsPerWeight } = planned.size;
  return rangeSlider({
    id: "size-slider",
    label: "Size",
    className: "size-slider",
    value: view.bits === 0 ? bitsPerWeight : view.bits,
    text: `${bitsPerWeight.toFixed(2)} bits · ${formatBytes(bytes)}`,
    low: Number(low.toFixed(2)),
    high: Number(high.toFixed(2)),
    step: STEP,
    onInput: (bits) => change({ bits }),
  });
}
