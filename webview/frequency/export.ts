import type { TemplateResult } from "lit";
import { hasExperts } from "../../src/format/counted-experts";
import { formatDensity } from "../../src/format/numbers";
import { exportDrawer, type ExportedChart, pictureTitle } from "../shared/export-drawer";
import { onPaper } from "../shared/print";
import { clusteringChart, clusteringSection, clusteringTable } from "./clustering";
import { distributionChart, distributionSection, distributionTable, highestShare } from "./distribution";
import { expertMeasureName, expertsSection, expertsTable } from "./experts";
import { layersSection, layersTable } from "./layers";
import { layerOf, type Panel } from "./panel";
import type { ChartName } from "./view-state";

/** Pictures and tables of what is shown, or the whole result. */
export function frequencyExport(panel: Panel): TemplateResult {
  const { title, document, post } = panel;
  const paper = (what: string) => pictureTitle(panel, what);
  const charts: Record<ChartName, ExportedChart | undefined> = {
    layers: {
      name: "Layers",
      picture: (print) => ({
        title: paper("share of the weights by how many samples have them"),
        section: layersSection(onPaper(panel, print)),
        up: "layer",
        across: "number of samples; in the cells the share of the weights, in %",
      }),
      table: () => layersTable(panel),
    },
    experts: hasExperts(document)
      ? {
          name: "Experts",
          picture: (print) => ({
            title: paper(`experts: ${expertMeasureName(panel).toLowerCase()}`),
            section: expertsSection(onPaper(panel, print)),
            up: "layer",
            across: "expert",
          }),
          table: () => expertsTable(panel),
        }
      : undefined,
    distribution: {
      name: "Against chance",
      picture: (print) => ({
        title: paper(`layer ${layerOf(panel).layer}: share of the weights by how many samples have them`),
        section: distributionSection(onPaper(panel, print)),
        chart: distributionChart,
        up: `share of the weights, 0 to ${formatDensity(highestShare(panel))}`,
        across: "number of samples",
      }),
      table: () => distributionTable(panel),
    },
    clustering: {
      name: "Agreement of the samples",
      picture: (print) => ({
        title: paper("agreement of the samples"),
        section: clusteringSection(onPaper(panel, print)),
        chart: clusteringChart,
        up: "intraclass correlation",
      }),
      table: () => clusteringTable(panel),
    },
  };
  return exportDrawer({ title, document, charts, post });
}
