import type { TemplateResult } from "lit";
import { exportDrawer, type ExportedChart, paperOf, pictureTitle, shownChart } from "../shared/export-drawer";
import { heatMapSvg } from "../shared/heat-map-svg";
import { densityChart, densityHeatMap, densityTable, isDrawnAsLines } from "./density";
import { layersChart, layersTable } from "./layers";
import { chosenPair, neuronsChart, neuronsTable } from "./neurons";
import { chosenOverlap, overlapChart, overlapLinesInWords, overlapTable } from "./overlap";
import { likenessNames, likenessOf, type Panel } from "./panel";
import { relevanceHeatMap, relevanceTable, whatIsShown } from "./relevance";
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
      picture: () =>
        shownChart(layersChart, paper(`${likeness} within (filled) and across domains, * p < 0.05, ** p < 0.01`)),
      table: () => layersTable(panel),
    },
    domains: {
      name: "Domains",
      picture: () => heatMapSvg(relevanceHeatMap(panel, 640).map, paperOf(paper(whatIsShown(panel)))),
      table: () => relevanceTable(panel),
    },
    overlap: shared && {
      name: "What two domains share",
      picture: () =>
        shownChart(
          overlapChart,
          paper(`weights in the top sets of both ${shared.a} and ${shared.b}, in %: ${overlapLinesInWords(shared)}`),
        ),
      table: () => overlapTable(panel),
    },
    neurons: pair && {
      name: "Neurons",
      picture: () =>
        shownChart(neuronsChart, paper(`neurons that differ most between ${pair.a} (filled) and ${pair.b} (outline)`)),
      table: () => neuronsTable(panel),
    },
    density: density
      ? {
          name: "Density",
          picture: () =>
            isDrawnAsLines(panel)
              ? shownChart(densityChart, paper(`density in %: ${linesInWords(panel)}`))
              : heatMapSvg(densityHeatMap(panel, density, 640), paperOf(paper("density of each domain, in %"))),
          table: () => densityTable(panel),
        }
      : undefined,
  };
  return exportDrawer({ title, document, charts, post });
}

/** A picture has no legend beside it. */
function linesInWords({ document: { domains } }: Panel): string {
  const dashes = ["solid", "dashed", "dotted", "dash-dotted", "long dashes", "far dots"];
  return domains.map(({ name }, i) => `${name} (${dashes[i]})`).join(", ");
}
