import type { TemplateResult } from "lit";
import { exportDrawer, type ExportedChart, pictureTitle } from "../shared/export-drawer";
import { onPaper } from "../shared/print";
import { curveChart, curveSection, curveTable } from "./curve";
import { layersChart, layersSection, layersTable } from "./layers";
import { lossSection, lossTable } from "./loss-map";
import { magnitudeLosses } from "./matrices";
import type { Panel } from "./panel";

/** Pictures and tables of what is shown, or the whole result. */
export function pruningExport(panel: Panel): TemplateResult {
  const { title, document, post } = panel;
  const { curve, perplexity } = document;
  const paper = (what: string) => pictureTitle(panel, what);
  const losses = magnitudeLosses(document);
  const charts: Record<string, ExportedChart> = {
    layers: {
      name: "Layers",
      picture: (print) => ({
        title: paper("planned sparsity"),
        section: layersSection(onPaper(panel, print), document.layers, ""),
        chart: layersChart,
        up: "layer",
        across: "weights that go, in % of the layer",
      }),
      table: () => layersTable(document.layers),
    },
    matrices: {
      name: "Matrices",
      picture: (print) => ({
        title: paper(`% lost ${losses.what}`),
        section: lossSection(onPaper(panel, print), losses),
        up: "layer",
        across: "matrix",
      }),
      table: () => lossTable(losses),
    },
    ...(curve.length > 0 && {
      curve: {
        name: "Perplexity over sparsity",
        picture: (print) =>
          perplexity === null
            ? undefined
            : {
                title: paper("perplexity over sparsity"),
                section: curveSection(onPaper(panel, print), document, perplexity),
                chart: curveChart,
                up: "perplexity, logarithmic",
              },
        table: () => curveTable(document),
      },
    }),
  };
  return exportDrawer({ title, document, charts, post });
}
