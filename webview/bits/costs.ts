import { nothing, type TemplateResult } from "lit";
import type { BitsDocument } from "../../src/engine/document/document";
import { costSentences, formatBits, wayInWords } from "../../src/format/bits";
import { capital } from "../../src/format/claims";
import { taskSentences } from "../../src/format/tasks";
import { continuationList, findings } from "../shared/continuation";
import { option, select } from "../shared/controls";
import { measureForm } from "../shared/measure-form";
import { html } from "../shared/template";
import type { Panel } from "./panel";
import { wantedBits } from "./size";

/** The ways that can be measured beside a choice. */
const OTHER_WAYS = ["uniform", "llama.cpp", "activation"] as const;

/** What the choice costs on a text that had no say in it, what both models write, and the form that asks for it. */
export function costsSection(panel: Panel): TemplateResult {
  const { document, planned, inEditor } = panel;
  const { evaluation, tasks, continuation } = document;
  const isMeasured = evaluation !== null || tasks !== undefined || continuation !== null;
  return html`<section class="section costs" aria-labelledby="costs-title">
    <header>
      <h2 id="costs-title">What it costs</h2>
      ${isMeasured && planned !== document ? html`<span class="note">at ${formatBits(document.size.bitsPerWeight)} bits</span>` : nothing}
    </header>
    ${isMeasured ? measured(document) : html`<p class="note">What the choice costs was not measured: no text was given to evaluate.</p>`}
    ${inEditor ? form(panel) : nothing}
  </section>`;
}

function measured({ evaluation, tasks, continuation }: BitsDocument): TemplateResult {
  return html`${evaluation === null ? nothing : findings(costSentences(evaluation))}
  ${tasks ? findings(taskSentences(tasks, "quantised")) : nothing}
  ${continuation === null ? nothing : continuationList(continuation, continuation.quantized, "quantised")}`;
}

/** On which text it is measured, and what beside it. */
function form(panel: Panel): TemplateResult {
  const { document, view, change, post } = panel;
  return measureForm({
    on: view.measureOn,
    onText: (measureOn) => change({ measureOn }),
    more: html`<div class="control">
      <span class="field-label" aria-hidden="true">Sizes</span>
      ${select({
        label: "Sizes to measure at",
        value: view.isCurve ? "several" : "one",
        options: [option("one", "This one"), option("several", "Several around it")],
        onChange: (sizes) => change({ isCurve: sizes === "several" }),
      })}
    </div>`,
    ways: OTHER_WAYS.filter((way) => way !== document.by),
    nameOf: (way) => (way === "llama.cpp" ? wayInWords[way] : capital(wayInWords[way])),
    chosen: view.ways,
    onWays: (ways) => change({ ways }),
    isMeasured: document.evaluation !== null,
    onMeasure: () =>
      post({
        type: "chooseFormats",
        bits: wantedBits(panel),
        costs: { on: view.measureOn, ways: view.ways, sizes: view.isCurve ? sizesAround(panel) : [] },
      }),
  });
}

/** Half a bit and a whole one below and above, as far as there are such sizes. */
function sizesAround({ document, view }: Panel): number[] {
  const bits = wantedBits({ document, view });
  const { size } = document;
  const ofBytes = (bytes: number): number => (bytes / size.bytes) * size.bitsPerWeight;
  const wanted = [-1, -0.5, 0.5, 1].map((more) => bits + more);
  return wanted.filter((one) => one >= ofBytes(size.least) && one <= ofBytes(size.most));
}
