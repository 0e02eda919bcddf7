import type { nothing } from "lit";
import { html, type TemplateResult } from "lit";
import { formatCount } from "../../src/format/numbers";
import type { ComparedDomains, DomainsState, StreamedDomainsLayer } from "../../src/pages/domains";
import { type Around, cancelledPage, goesOn, partialLines, runHeading, runningPage } from "../shared/run-page";
import { explain } from "../shared/section";
import { explanations } from "./explanations";
import { layersChart } from "./layers";

type Running = Extract<DomainsState, { phase: "running" }>;
type Cancelled = Extract<DomainsState, { phase: "cancelled" }>;

export function runningSection({ title, model, progress, layers, domains }: Running, around: Around): TemplateResult {
  const { post } = around;
  return runningPage({
    heading: runHeading(title, model),
    progress,
    content: html`${compared({ domains })} ${partialLayers(layers, progress.layers, around)}
      <p class="finding">
        The deepest layers come first. Box plots, p-values and neurons follow when all layers are there.
      </p>
      ${explain(post, explanations.layers, "Layers")}`,
    post,
  });
}

export function cancelledSection({ title, layers, layerCount, domains }: Cancelled, around: Around): TemplateResult {
  return cancelledPage({
    heading: runHeading(title),
    layers,
    layerCount,
    kept: `Their means are final. ${goesOn}`,
    content: html`${compared({ domains })} ${partialLayers(layers, layerCount, around)}`,
    post: around.post,
  });
}

/** Which folders, and how many texts each has: of all as many are taken as the smallest has. */
function compared({ domains }: ComparedDomains): TemplateResult {
  const words = domains.map(({ name, texts }) => `${name} (${formatCount(texts)} ${texts === 1 ? "text" : "texts"})`);
  return html`<p class="note">${words.join(", ")}</p>`;
}

/** Of the layers that are there the means; their distribution follows when all are. */
function partialLayers(
  streamed: readonly StreamedDomainsLayer[],
  layerCount: number,
  { width, at, onMove }: Around,
): TemplateResult | typeof nothing {
  return partialLines({
    id: layersChart,
    name: "layers",
    label: "Mean similarity within and across domains by layer",
    lines: [
      { name: "Within a domain", of: (layer) => layer.within },
      { name: "Across domains", of: (layer) => layer.across },
    ],
    streamed,
    layerCount,
    width,
    at,
    onMove,
  });
}
