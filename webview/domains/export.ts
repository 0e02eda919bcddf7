import type { TemplateResult } from "lit";
import { formatShare } from "../../src/format/numbers";
import { exportDrawer, type ExportedChart, pictureTitle } from "../shared/export-drawer";
import { onPaper } from "../shared/print";
import { densityChart, densitySection, densityTable, isDrawnAsLines } from "./density";
import { layersChart, layersSection, layersTable } from "./layers";
import { chosenPair, neuronsChart, neuronsSection, neuronsTable } from "./neurons";
import { chosenOverlap, overlapChart, overlapSection, overlapTable } from "./overlap";
import { likenessNames, likenessOf, type Panel } from "./panel";
import { relevanceSection, relevanceTable, whatIsShown } from "./relevance";
import type { ChartName } from "./view-state";

/** Pictures and tables of what is shown, or the whole result. */
export function domainsExport(panel: Panel): TemplateResult {
  const { title, document, post } = panel;
  const { density } = document;
  const paper = (what: string) => pictureTitle(panel, what);
  const pair = chosenPair(panel);
  const shared = chosenOverlap(panel);
  const likeness = likenessNames[likenessOf(panel)].toLowerCase();
  const charts: Record<ChartName, ExportedChart | undefined> = {
    layers: {
      name: "Layers",
      picture: (print) => ({
        title: paper(`${likeness} within and across domains`),
        section: layersSection(onPaper(panel, print)),
        chart: layersChart,
        up: `${likeness} of two texts`,
      }),
      table: () => layersTable(panel),
    },
    domains: {
      name: "Domains",
      picture: (print) => ({
        title: paper(whatIsShown(panel)),
        section: relevanceSection(onPaper(panel, print)),
        up: "domain of one text",
        across: "domain of the other",
      }),
      table: () => relevanceTable(panel),
    },
    overlap: shared && {
      name: "What two domains share",
      picture: (print) => ({
        title: paper(`weights in the top sets of both ${shared.a} and ${shared.b}`),
        section: overlapSection(onPaper(panel, print)),
        chart: overlapChart,
        up: "weights in both, of those in either, in %",
      }),
      table: () => overlapTable(panel),
    },
    neurons: pair && {
      name: "Neurons",
      picture: (print) => ({
        title: paper(`neurons that differ most between ${pair.a} (A) and ${pair.b} (B)`),
        section: neuronsSection(onPaper(panel, print)),
        chart: neuronsChart,
        up: `share of the layer's activation, 0 to ${formatShare(Math.max(0, ...pair.neurons.flatMap(({ a, b }) => [a, b])))}`,
        across: "neuron, as layer.number",
      }),
      table: () => neuronsTable(panel),
    },
    density: density
      ? {
          name: "Density",
          picture: (print) => ({
            title: paper("density of each domain"),
            section: densitySection(onPaper(panel, print)),
            ...(isDrawnAsLines(panel)
              ? { chart: densityChart, up: "density, in %" }
              : { up: "layer", across: "domain; in the cells density, in %" }),
          }),
          table: () => densityTable(panel),
        }
      : undefined,
  };
  return exportDrawer({ title, document, charts, post });
}
