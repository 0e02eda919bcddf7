import type { TemplateResult } from "lit";
import { hasExperts } from "../../src/format/counted-experts";
import { exportDrawer, type ExportedChart, paperOf, pictureTitle, shownChart } from "../shared/export-drawer";
import { heatMapSvg } from "../shared/heat-map-svg";
import { clusteringChart, clusteringTable } from "./clustering";
import { distributionChart, distributionTable } from "./distribution";
import { expertMeasureName, expertsHeatMap, expertsTable } from "./experts";
import { layersHeatMap, layersTable } from "./layers";
import { layerOf, type Panel } from "./panel";
import type { ChartName } from "./view-state";

/** Pictures and tables of what is shown, or the whole result. */
export function frequencyExport(panel: Panel): TemplateResult {
  const { title, document, post } = panel;
  const paper = (what: string) => pictureTitle(panel, what);
  const charts: Record<ChartName, ExportedChart | undefined> = {
    layers: {
      name: "Layers",
      picture: () =>
        heatMapSvg(layersHeatMap(panel, 640), paperOf(paper("% of the weights, by how many samples have them"))),
      table: () => layersTable(panel),
    },
    experts: hasExperts(document)
      ? {
          name: "Experts",
          picture: () =>
            heatMapSvg(
              expertsHeatMap(panel, 640).map,
              paperOf(paper(`experts: ${expertMeasureName(panel).toLowerCase()}`)),
            ),
          table: () => expertsTable(panel),
        }
      : undefined,
    distribution: {
      name: "Against chance",
      picture: () =>
        shownChart(
          distributionChart,
          paper(`layer ${layerOf(panel).layer}: observed (filled) and by chance (outline)`),
        ),
      table: () => distributionTable(panel),
    },
    clustering: {
      name: "Agreement of the samples",
      picture: () => shownChart(clusteringChart, paper("intraclass correlation of the samples")),
      table: () => clusteringTable(panel),
    },
  };
  return exportDrawer({ title, document, charts, post });
}
