import { nothing, type TemplateResult } from "lit";
import {
  countOf,
  type ShrinkAmount,
  type ShrinkWay,
  type Structure,
  type StructureChoice,
  waysFor,
} from "../../src/engine/shrink/options";
import { capital, listed } from "../../src/format/claims";
import { formatCount, formatShare } from "../../src/format/numbers";
import { shrinkWayInWords } from "../../src/format/shrink";
import type { FromPreview, ModelStructures } from "../../src/pages/preview";
import { button, option, rangeSlider, select } from "../shared/controls";
import type { Moment } from "../shared/page";
import { html } from "../shared/template";
import { textChoice } from "../shared/text-choice";
import { calibrationForm, type Form } from "./calibration";
import { nothingTold, type Told } from "./told";
import type { ViewState } from "./view-state";

/** What goes with a part of each structure. */
const STRUCTURE_NOTES: Readonly<Record<Structure, string>> = {
  layers: "Whole layers go, with all that they hold.",
  neurons: "As many neurons go from every layer's feed-forward.",
  heads: "As many heads go from every layer's attention; heads that share keys go together.",
  experts: "As many experts go from every layer; its router chooses among the rest.",
};

/** What each way goes by. */
const WAY_NOTES: Readonly<Record<ShrinkWay, string>> = {
  activation: "What the calibration texts activate the least goes.",
  magnitude: "What has the smallest weights goes: the texts have no say.",
  perplexity: "Each layer is left out in turn: those go that the texts miss the least. It takes a pass for each.",
  last: "What has the highest number goes: a yardstick for the other ways.",
  random: "Chance says what goes: a yardstick for the other ways.",
};

type Possible = Extract<StructureChoice, { most: number }>;

/** Asks what can be taken out of the chosen model, once the tab is open. */
export function askForStructures({
  view,
  told = nothingTold,
}: Moment<ViewState, Told>): { readonly told: Told; readonly request: FromPreview } | undefined {
  if (view.mode !== "structure" || told.structures !== null) return undefined;
  return { told: { ...told, structures: "asked" }, request: { type: "structures" } };
}

/** Takes parts out with texts; the result is a page of its own, which has what it costs and the export. */
export function structureForm(form: Form, structures: Told["structures"] | undefined): TemplateResult {
  return html`<section class="welcome" aria-labelledby="structure-title">
    <h1 id="structure-title">Which parts can go wholly?</h1>
    <p>
      Layers, neurons, heads or experts that go wholly make a model smaller in any program that reads it. Choose texts
      of the kind that the model is for: what they activate the least goes first.
    </p>
    ${
      structures === "asked" || structures === null || structures === undefined
        ? html`<p class="note" role="status">Looking at what the model can lose…</p>`
        : "problem" in structures
          ? problem(form, structures)
          : controls(form, structures)
    }
  </section>`;
}

function problem(
  { post }: Form,
  { problem: { message, remedy, kind } }: Extract<ModelStructures, { problem: unknown }>,
): TemplateResult {
  return html`<div class="problem-box" role="alert">
    <p>${message} ${remedy ?? ""}</p>
    <div class="actions">
      ${kind === "model-missing" ? button("Choose model", () => post({ type: "chooseModel" }), { primary: true }) : nothing}
      ${button("Try again", () => post({ type: "structures" }))}
    </div>
  </div>`;
}

function controls(form: Form, { model, choices }: Extract<ModelStructures, { choices: unknown }>): TemplateResult {
  const { view, change, post } = form;
  const possible = choices.filter((choice): choice is Possible => "most" in choice);
  const choice = possible.find(({ structure }) => structure === view.structure) ?? possible[0];
  if (choice === undefined)
    return html`<div class="problem-box" role="alert">
      <p>Nothing of ${model} can go wholly.</p>
      <ul class="notes">
        ${refusalList(choices)}
      </ul>
      <div class="actions">${button("Choose model", () => post({ type: "chooseModel" }), { primary: true })}</div>
    </div>`;
  const { structure } = choice;
  const ways = waysFor(structure);
  const by = ways.includes(view.removeBy) ? view.removeBy : "activation";
  return html`<div class="removal">
      ${field(
        "What goes",
        select({
          label: "What goes",
          value: structure,
          options: possible.map((each) => option(each.structure, capital(each.structure))),
          onChange: (chosen) => change({ structure: chosen as Structure }),
        }),
        STRUCTURE_NOTES[structure],
      )}
      ${amountSlider(form, choice)}
      ${field(
        "Chosen by",
        select({
          label: "Chosen by",
          value: by,
          options: ways.map((way) => option(way, capital(shrinkWayInWords[way]))),
          onChange: (removeBy) => change({ removeBy: removeBy as ShrinkWay }),
        }),
        WAY_NOTES[by],
      )}
      ${comparison(form)}
      ${calibrationForm(form, {
        action: "Remove",
        onMeasure: (from) =>
          post({
            type: "removeParts",
            from,
            structure,
            amount: amountOf(view, choice),
            by,
            ...(view.comparesWays && { compareOn: view.compareOn }),
          }),
      })}
    </div>
    <p class="note">Nothing of the model itself is changed: what is left opens beside the text, and is exported from there.</p>
    ${refusals(model, choices)}`;
}

function field(label: string, control: TemplateResult, note: string): TemplateResult {
  return html`<div class="control">
    <span class="field-label" aria-hidden="true">${label}</span>
    ${control}
    <span class="note">${note}</span>
  </div>`;
}

/** Of more units than this a slider goes by hundredths, of fewer by units. */
const MOST_COUNTED = 100;

function amountSlider({ view, change }: Form, choice: Possible): TemplateResult {
  const { structure, of, most } = choice;
  const amount = amountOf(view, choice);
  const count = countOf(amount, of);
  const counted = `${formatCount(count)} of ${formatCount(of)}`;
  const text = structure === "layers" ? counted : `${counted} (${formatShare(count / of)})`;
  if (most === 1) return html`<span class="note">${capital(structure)}: ${text}, which is the most that can go.</span>`;
  const isCounted = structure === "layers" || of <= MOST_COUNTED;
  const [low, high] = boundsOf(choice);
  return rangeSlider({
    id: "amount",
    label: capital(structure),
    className: "amount",
    value: isCounted || amount.kind === "count" ? count : amount.share,
    text,
    low: isCounted ? 1 : low,
    high: isCounted ? most : high,
    step: isCounted ? 1 : 0.01,
    onInput: (value) =>
      change({ amounts: { ...view.amounts, [structure]: isCounted && structure !== "layers" ? value / of : value } }),
  });
}

/** The shares of which at least one goes, and none that must stay, in hundredths where there are so many. */
function boundsOf({ of, most }: Possible): readonly [low: number, high: number] {
  if (of <= MOST_COUNTED) return [1 / of, most / of];
  return [Math.ceil(100 / of) / 100, Math.floor((100 * most) / of) / 100];
}

/** As much as the controls say, within what the model can lose. */
function amountOf({ amounts }: Pick<ViewState, "amounts">, choice: Possible): ShrinkAmount {
  const { structure, most } = choice;
  if (structure === "layers") return { kind: "count", count: Math.min(Math.max(1, amounts.layers), most) };
  const [low, high] = boundsOf(choice);
  return { kind: "share", share: Math.min(Math.max(low, amounts[structure]), high) };
}

/** Whether the ways are measured beside each other, and on which text: not one that calibrates. */
function comparison({ view, change }: Form): TemplateResult {
  return html`<vscode-checkbox
      label="Compare the ways of choosing"
      .checked=${view.comparesWays}
      @change=${() => change({ comparesWays: !view.comparesWays })}
    ></vscode-checkbox>
    ${
      view.comparesWays
        ? field(
            "Measured on",
            textChoice({
              label: "Text to measure on",
              value: view.compareOn,
              other: "Other file…",
              onChange: (compareOn) => change({ compareOn }),
            }),
            "As much goes by each way, and what that costs is measured on a text that does not calibrate.",
          )
        : html`<span class="note">What it costs can be measured later, too.</span>`
    }`;
}

/** What of the model cannot go, and why. */
function refusals(model: string, choices: readonly StructureChoice[]): TemplateResult | typeof nothing {
  if (choices.every((choice) => "most" in choice)) return nothing;
  return html`<details class="explanation">
    <summary>What ${model} cannot lose</summary>
    <ul class="notes">
      ${refusalList(choices)}
    </ul>
  </details>`;
}

/** Each reason once, with all that it is of. */
function refusalList(choices: readonly StructureChoice[]): TemplateResult[] {
  const reasons = new Map<string, Structure[]>();
  for (const choice of choices)
    if ("refusal" in choice) reasons.set(choice.refusal, [...(reasons.get(choice.refusal) ?? []), choice.structure]);
  return [...reasons].map(([refusal, structures]) => html`<li><b>${capital(listed(structures))}.</b> ${refusal}</li>`);
}
