import type { TemplateResult } from "lit";
import type { ModelsDocument } from "../../src/engine/document/document";
import { othersSentence } from "../../src/format/models-findings";
import { formatCompact, formatNumber } from "../../src/format/numbers";
import type { DataTable } from "../shared/data-table";
import { tableView } from "../shared/table-view";
import type { Panel } from "./panel";
import { html } from "../shared/template";

/** What of embedding, head, norms and biases was changed. */
export function othersSection({ document }: Panel): TemplateResult {
  return html`<section class="section tensors" aria-labelledby="tensors-title">
    <header><h2 id="tensors-title">Other tensors</h2></header>
    ${tableView(othersTable(document))}
    <p class="finding">${othersSentence(document)}</p>
  </section>`;
}

export function othersTable({ others }: ModelsDocument): DataTable {
  return {
    caption: "Tensors that are not scored",
    columns: [
      { title: "Tensor", text: true },
      ...["Parameters", "Relative change", "Norm of the change", "Norm"].map((title) => ({ title })),
      { title: "Layer with most", text: true },
    ],
    rows: others.map(({ name, parameters, relative, changeNorm, norm, layers }) => [
      name,
      parameters,
      relative ?? "",
      changeNorm,
      norm,
      layers && changeNorm > 0 ? layerWithMost(layers) : "",
    ]),
    format: [String, formatCompact, formatNumber, formatNumber, formatNumber],
  };
}

function layerWithMost(layers: readonly (number | null)[]): string {
  const most = Math.max(...layers.map((relative) => relative ?? 0));
  return `${layers.findIndex((relative) => relative === most)} (${formatNumber(most)})`;
}
