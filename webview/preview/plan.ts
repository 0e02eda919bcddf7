import { nothing, type TemplateResult } from "lit";
import { type Allocation, MOST_SPARSITY, planSparsities } from "../../src/engine/prune/allocation";
import { tooFewTokens } from "../../src/engine/prune/too-few-tokens";
import { elementAt } from "../../src/engine/numbers/elements";
import { formatShare } from "../../src/format/numbers";
import { criterionInWords } from "../../src/format/pruning";
import type { PruningPlan } from "../../src/pages/preview";
import { explanations } from "../pruning/explanations";
import { layersSection } from "../pruning/layers";
import { lossSection } from "../pruning/loss-map";
import { option, rangeSlider, select } from "../shared/controls";
import type { Panel } from "./panel";
import { planOf } from "./view-state";
import { html } from "../shared/template";

/** The criteria that can be chosen, with their names. */
export const criterionOptions = Object.entries(criterionInWords).map(([value, name]) =>
  option(value, name.charAt(0).toUpperCase() + name.slice(1)),
);

/** How the model is to be pruned. */
export function planControls(panel: Panel): TemplateResult {
  const { view, change, choices } = panel;
  const patterns = (choices?.patterns ?? []).map(({ pruned, of }) => `${pruned}:${of}`);
  const hasPattern = view.pattern !== "";
  return html`<div class="controls">
    ${control(
      "Criterion",
      select({
        label: "Criterion",
        value: view.criterion,
        options: criterionOptions,
        onChange: (criterion) => change({ criterion: criterion as PruningPlan["criterion"] }),
      }),
    )}
    ${
      hasPattern
        ? nothing
        : control(
            "Allocation",
            select({
              label: "Allocation",
              value: view.allocation,
              options: [
                option("activation", "By activation"),
                option("uniform", "Uniform"),
                ...(view.sparsities.length > 0 ? [option("given", "As it was saved")] : []),
              ],
              onChange: (allocation) => change({ allocation: allocation as PruningPlan["allocation"] }),
            }),
          )
    }
    ${
      patterns.length > 0 || hasPattern
        ? control(
            "Pattern",
            select({
              label: "Pattern",
              value: view.pattern,
              options: [
                option("", "None"),
                ...[...new Set([...patterns, ...(hasPattern ? [view.pattern] : [])])].map((name) => option(name, name)),
              ],
              onChange: (pattern) => change({ pattern }),
            }),
          )
        : nothing
    }
  </div>
  ${hasPattern ? nothing : sparsitySlider(panel)} ${calibrationNote(panel)}`;
}

/** What is to be said of the calibration before anything is pruned with it. */
function calibrationNote({ document: { samples, layers }, view }: Panel): TemplateResult | typeof nothing {
  if (view.criterion !== "sparsegpt") return nothing;
  const tokens = samples.reduce((sum, sample) => sum + sample.tokens.length, 0);
  const matrices = layers.flatMap(({ modules }) => modules.map(({ shape: [, columns] }) => ({ in: columns })));
  const note = tooFewTokens(tokens, matrices);
  return note === undefined ? nothing : html`<p class="note few-tokens" role="status">${note}</p>`;
}

function control(label: string, field: TemplateResult): TemplateResult {
  return html`<div class="control"><span class="field-label" aria-hidden="true">${label}</span>${field}</div>`;
}

function sparsitySlider({ view, change }: Panel): TemplateResult {
  return rangeSlider({
    id: "sparsity",
    label: "Sparsity",
    className: "sparsity",
    value: view.sparsity,
    text: formatShare(view.sparsity),
    low: 0,
    high: MOST_SPARSITY,
    step: 0.01,
    onInput: (sparsity) => change({ sparsity }),
  });
}

/** What goes of each layer, and what each matrix would lose at least. */
export function planSection(panel: Panel): TemplateResult {
  const { document, losses } = panel;
  const { layers } = document;
  const { sparsities, atBounds } = allocationOf(panel);
  return html`${layersSection(
    panel,
    layers.map(({ layer, density }) => ({ layer, density, sparsity: elementAt(sparsities, layer) })),
    "losses-title",
  )}
  ${
    atBounds > 0
      ? html`<p class="note bounds" role="status">
          The plan is at its bounds in ${atBounds} of ${layers.length} layers: none loses less than nothing or more than
          ${formatShare(MOST_SPARSITY)}.
        </p>`
      : nothing
  }
  ${lossSection(panel, {
    name: "losses",
    title: "Matrices",
    what: "of its activation",
    layers,
    lost: (layer, module) => losses.at(layer, module, elementAt(sparsities, layer)),
    size: (layer, module) => elementAt(elementAt(layers, layer).modules, module).sum,
    explanation: explanations.losses,
  })}`;
}

/** The sparsity of each layer, by the rule that the engine prunes by. */
function allocationOf({ document, view }: Panel): Allocation {
  const { pattern, ...plan } = planOf(view);
  const densities = document.layers.map(({ density }) => density);
  return planSparsities(densities.length, { densities }, { ...plan, pattern: pattern ?? undefined });
}
