import type { TemplateResult } from "lit";
import { formatShare } from "../../src/format/numbers";
import { option, select } from "../shared/controls";
import type { DataTable } from "../shared/data-table";
import { pairedBars } from "../shared/paired-bars";
import { section } from "../shared/section";
import { explanations } from "./explanations";
import type { Panel } from "./panel";
import { formatP } from "../../src/format/domains";
import { neuronInWords, neuronsFinding } from "../../src/format/domains-findings";
import { html } from "../shared/template";

export const neuronsChart = "neurons-chart";

/** The feed-forward neurons whose shares differ most between two domains, and whether that is more than chance. */
export function neuronsSection(panel: Panel): TemplateResult {
  const { document, view, change, width } = panel;
  const chosen = chosenPair(panel);
  if (!document.neurons || !chosen)
    return html`<section class="section neurons" aria-labelledby="neurons-title">
      <header><h2 id="neurons-title" tabindex="-1">Neurons that differ most</h2></header>
      <p class="note">The run had no memory for the neurons of each domain. With a larger memory budget it has.</p>
    </section>`;
  const { a, b, neurons } = chosen;
  return section(panel, {
    name: "neurons",
    title: "Neurons that differ most",
    note: `A is ${a}, B is ${b}`,
    controls: coupleChoice(panel, document.neurons, "neurons"),
    chart: () =>
      pairedBars({
        id: neuronsChart,
        label: `Neurons that differ most between ${a} and ${b}, by their share of activation`,
        bars: neurons.map((neuron) => ({
          label: `${neuron.layer}.${neuron.neuron}`,
          a: neuron.a,
          b: neuron.b,
          description: neuronInWords(chosen, neuron),
        })),
        width,
        at: view.neuron,
        onMove: (neuron) => change({ neuron }),
      }),
    table: () => neuronsTable(panel),
    sentence: neuronsFinding(document, chosen),
    explanation: explanations.neurons,
  });
}

/** One choice of two domains for all charts that show two. */
export function coupleChoice(
  { view, change }: Panel,
  couples: readonly { readonly a: string; readonly b: string }[],
  where: string,
): TemplateResult {
  return select({
    label: `Two domains, ${where}`,
    value: String(Math.min(view.pair, couples.length - 1)),
    options: couples.map(({ a, b }, i) => option(String(i), `${a} and ${b}`)),
    onChange: (value) => change({ pair: Number(value), neuron: 0 }),
  });
}

/** The two domains that are chosen, with their neurons; undefined where there are none. */
export function chosenPair({ document: { neurons }, view }: Panel) {
  const pair = neurons?.at(Math.min(view.pair, neurons.length - 1));
  return pair && pair.neurons.length > 0 ? pair : undefined;
}

export function neuronsTable(panel: Panel): DataTable {
  const chosen = chosenPair(panel);
  return {
    caption: "Neurons",
    columns: ["Layer", "Neuron", chosen?.a ?? "A", chosen?.b ?? "B", "p"].map((title) => ({ title })),
    rows: (chosen?.neurons ?? []).map(({ layer, neuron, a, b, p }) => [layer, neuron, a, b, p ?? NaN]),
    format: [String, String, formatShare, formatShare, (p) => (Number.isNaN(p) ? "" : formatP(p))],
  };
}
