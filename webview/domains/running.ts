import type { nothing } from "lit";
import type { TemplateResult } from "lit";
import { formatCount } from "../../src/format/numbers";
import type { ComparedDomains, DomainsState, StreamedDomainsLayer, FromDomainsView } from "../../src/pages/domains";
import type { Stage } from "../shared/page";
import { cancelledPage, goesOn, partialLines, runHeading, runningPage } from "../shared/run-page";
import { explain } from "../shared/section";
import { explanations } from "./explanations";
import { layersChart } from "./layers";
import type { ViewState } from "./view-state";
import { html } from "../shared/template";

type Running = Extract<DomainsState, { phase: "running" }>;
type Cancelled = Extract<DomainsState, { phase: "cancelled" }>;
type RunStage = Stage<ViewState, FromDomainsView>;

/** A comparison of domains that is under way, with the layers that are there. */
export function runningSection({ title, model, progress, layers, domains }: Running, stage: RunStage): TemplateResult {
  const { post } = stage;
  return runningPage({
    heading: runHeading(title, model),
    progress,
    content: html`${compared({ domains })} ${partialLayers(layers, progress.layers, stage)}
      <p class="finding">
        The deepest layers come first. Box plots, p-values and neurons follow when all layers are there.
      </p>
      ${explain(post, explanations.layers, "Layers")}`,
    post,
  });
}

/** A comparison of domains that was cancelled, with the layers that are there. */
export function cancelledSection({ title, layers, layerCount, domains }: Cancelled, stage: RunStage): TemplateResult {
  return cancelledPage({
    heading: runHeading(title),
    layers,
    layerCount,
    kept: `Their means are final. ${goesOn}`,
    content: html`${compared({ domains })} ${partialLayers(layers, layerCount, stage)}`,
    post: stage.post,
  });
}

/** Which folders, and how many texts each has: of all as many are taken as the smallest has. */
function compared({ domains }: ComparedDomains): TemplateResult {
  const words = domains.map(({ name, texts }) => `${name} (${formatCount(texts)} ${texts === 1 ? "text" : "texts"})`);
  return html`<p class="note">${words.join(", ")}</p>`;
}

/** The means of the layers that are there; their distribution follows when all are. */
function partialLayers(
  streamed: readonly StreamedDomainsLayer[],
  layerCount: number,
  { width, view, change }: RunStage,
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
    at: view.layer,
    onMove: (layer) => change({ layer }),
  });
}
