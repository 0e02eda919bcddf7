import { nothing, type TemplateResult } from "lit";
import { type ShrinkAmount, type ShrinkWay, waysFor } from "../../src/engine/shrink/options";
import { capital } from "../../src/format/claims";
import { formatCount, formatShare } from "../../src/format/numbers";
import { plannedRemovalSentence, removedInWords, shrinkCommand, shrinkWayInWords } from "../../src/format/shrink";
import { button, option, rangeSlider, select } from "../shared/controls";
import { copyText } from "../shared/copy-text";
import { html } from "../shared/template";
import type { Panel } from "./panel";

/** What the controls say: as the document has it, unless something else was chosen. */
export interface WantedChoice {
  readonly removed: number;
  readonly amount: ShrinkAmount;
  readonly by: ShrinkWay;
}

export function wantedChoice({ view, document }: Pick<Panel, "view" | "document">): WantedChoice {
  const { structure, of, most = of - 1 } = document;
  const removed = view.removed === 0 ? document.removed : Math.min(view.removed, most);
  const amount = amountOf(document, removed);
  const by = waysFor(structure).find((way) => way === view.by) ?? document.by;
  return { removed, amount, by };
}

/** So many of them, as a run is asked for it. */
export function amountOf(
  { structure, of }: Pick<Panel["document"], "structure" | "of">,
  removed: number,
): ShrinkAmount {
  return structure === "layers" ? { kind: "count", count: removed } : { kind: "share", share: removed / of };
}

/** How much goes, and what can be made of that. */
export function amountSection(panel: Panel): TemplateResult {
  const { document, inEditor, post } = panel;
  const { removed, ...wanted } = wantedChoice(panel);
  const sentence = plannedRemovalSentence(document, { removed, by: wanted.by });
  const ask = (what: "remove" | "folder" | "gguf") => () => post({ type: "removeParts", ...wanted, what });
  return html`<section class="section size" aria-label="How much goes">
    ${inEditor ? controls(panel) : nothing}
    <div class="actions">
      ${inEditor && sentence !== "" ? button(`Remove ${removedInWords({ ...document, removed })}`, ask("remove"), { primary: true }) : nothing}
      ${inEditor ? button("Export folder…", ask("folder")) : nothing}
      ${inEditor && !isGguf(document) ? button("Write GGUF file…", ask("gguf")) : nothing}
      ${button("Copy command", () => void copyText(shrinkCommand(document, wanted)))}
    </div>
    ${sentence === "" ? nothing : html`<p class="finding" role="status">${sentence}</p>`}
  </section>`;
}

/** Of a GGUF file no other one is made at once. */
const isGguf = ({ model }: Panel["document"]): boolean => model.path.toLowerCase().endsWith(".gguf");

function controls(panel: Panel): TemplateResult {
  const { document, change } = panel;
  const { structure, of, most = of - 1 } = document;
  const { removed, by } = wantedChoice(panel);
  const share = structure === "layers" ? "" : ` (${formatShare(removed / of)}) of each layer`;
  const slider = rangeSlider({
    id: "amount-slider",
    label: capital(structure),
    className: "size-slider",
    value: removed,
    text: `${formatCount(removed)} of ${formatCount(of)}${share}`,
    low: 1,
    high: most,
    step: 1,
    onInput: (value) => change({ removed: value === document.removed ? 0 : value }),
  });
  return html`${most > 1 ? slider : nothing}
    <div class="controls">
      <div class="control">
        <span class="field-label" aria-hidden="true">Chosen by</span>
        ${select({
          label: "Chosen by",
          value: by,
          options: waysFor(structure).map((way) => option(way, capital(shrinkWayInWords[way]))),
          onChange: (way) => change({ by: way === document.by ? "" : (way as ShrinkWay) }),
        })}
      </div>
    </div>`;
}
