import { nothing, type TemplateResult } from "lit";
import type { ShrinkDocument } from "../../src/engine/document/document";
import { type ShrinkAmount, waysFor } from "../../src/engine/shrink/options";
import { capital } from "../../src/format/claims";
import { removedInWords, shrinkCostSentences, shrinkWayInWords } from "../../src/format/shrink";
import { taskSentences } from "../../src/format/tasks";
import { continuationList, findings } from "../shared/continuation";
import { option, select } from "../shared/controls";
import { measureForm } from "../shared/measure-form";
import { html } from "../shared/template";
import { amountOf, wantedChoice } from "./amount";
import type { Panel } from "./panel";

/** What it costs on a text that had no say in it, what both models write, and the form that asks for it. */
export function costsSection(panel: Panel): TemplateResult {
  const { document, inEditor } = panel;
  const { evaluation, tasks, continuation } = document;
  const isMeasured = evaluation !== null || tasks !== undefined || continuation !== null;
  const { removed, by } = wantedChoice(panel);
  const isPlanned = removed !== document.removed || by !== document.by;
  return html`<section class="section costs" aria-labelledby="costs-title">
    <header>
      <h2 id="costs-title">What it costs</h2>
      ${
        isMeasured && isPlanned
          ? html`<span class="note">without ${removedInWords(document)}, by ${shrinkWayInWords[document.by]}</span>`
          : nothing
      }
    </header>
    ${
      isMeasured
        ? measured(document)
        : html`<p class="note">What it costs was not measured: no text was given to evaluate.</p>`
    }
    ${inEditor ? form(panel) : nothing}
  </section>`;
}

function measured({ evaluation, tasks, continuation }: ShrinkDocument): TemplateResult {
  return html`${evaluation === null ? nothing : findings(shrinkCostSentences(evaluation))}
  ${tasks ? findings(taskSentences(tasks, "shrunk")) : nothing}
  ${continuation === null ? nothing : continuationList(continuation, continuation.shrunk, "shrunk")}`;
}

function form(panel: Panel): TemplateResult {
  const { document, view, change, post } = panel;
  const { amount, by } = wantedChoice(panel);
  const ways = waysFor(document.structure).filter((way) => way !== by);
  return measureForm({
    on: view.measureOn,
    onText: (measureOn) => change({ measureOn }),
    more: html`<div class="control">
      <span class="field-label" aria-hidden="true">Amounts</span>
      ${select({
        label: "Amounts to measure",
        value: view.isCurve ? "several" : "one",
        options: [option("one", "This one"), option("several", "Several up to twice it")],
        onChange: (amounts) => change({ isCurve: amounts === "several" }),
      })}
    </div>`,
    ways,
    nameOf: (way) => capital(shrinkWayInWords[way]),
    chosen: view.ways,
    onWays: (chosen) => change({ ways: chosen }),
    isMeasured: document.evaluation !== null,
    onMeasure: () =>
      post({
        type: "removeParts",
        amount,
        by,
        what: "measure",
        on: view.measureOn,
        ways: ways.filter((way) => view.ways.includes(way)),
        amounts: view.isCurve ? amountsAround(panel) : [],
      }),
  });
}

/** A half of it, one and a half times and twice as much, as far as that can go. */
function amountsAround(panel: Panel): ShrinkAmount[] {
  const { document } = panel;
  const { removed } = wantedChoice(panel);
  const { of, most = of - 1 } = document;
  const wanted = [0.5, 1.5, 2].map((times) => Math.round(times * removed));
  return [...new Set(wanted)]
    .filter((one) => one >= 1 && one <= most && one !== removed)
    .map((one) => amountOf(document, one));
}
