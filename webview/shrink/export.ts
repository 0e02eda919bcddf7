import type { TemplateResult } from "lit";
import { exportDrawer, type ExportedChart, pictureTitle } from "../shared/export-drawer";
import { onPaper } from "../shared/print";
import { layersChart, layersSection, layersTable } from "./layers";
import type { Panel } from "./panel";
import { waysChart, waysSection, waysTable } from "./ways";

/** Pictures and tables of what is shown, or the whole result. */
export function shrinkExport(panel: Panel): TemplateResult {
  const { title, document, post } = panel;
  const charts: Record<string, ExportedChart> = {
    layers: {
      name: "Layers",
      picture: (print) => ({
        title: pictureTitle(panel, "what of each layer went"),
        section: layersSection(onPaper(panel, print)),
        chart: layersChart,
        up: "layer",
        across: "how much it counts",
      }),
      table: () => layersTable(document),
    },
    ...(document.compared.length + document.curve.length > 0 && {
      ways: {
        name: "Divergence by way of choosing",
        picture: (print) => ({
          title: pictureTitle(panel, "divergence by way of choosing"),
          section: waysSection(onPaper(panel, print)),
          chart: waysChart,
          ...(document.curve.length === 0
            ? { up: "way of choosing", across: "divergence" }
            : { up: "divergence, logarithmic" }),
        }),
        table: () => waysTable(document),
      },
    }),
  };
  return exportDrawer({ title, document, charts, post });
}
