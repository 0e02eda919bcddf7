import type { TemplateResult } from "lit";
import { exportDrawer, type ExportedChart, pictureTitle } from "../shared/export-drawer";
import { onPaper } from "../shared/print";
import { formatsSection, formatsTable } from "./formats";
import type { Panel } from "./panel";
import { shareChart, shareSection, shareTable } from "./share";
import { waysChart, waysSection, waysTable } from "./ways";

/** Pictures and tables of what is shown, or the whole result. */
export function bitsExport(panel: Panel): TemplateResult {
  const { title, document, post } = panel;
  const charts: Record<string, ExportedChart> = {
    formats: {
      name: "Formats",
      picture: (print) => ({
        title: pictureTitle(panel, "formats of matrices"),
        section: formatsSection(onPaper(panel, print)),
        up: "layer",
        across: "matrix",
      }),
      table: () => formatsTable(document),
    },
    share: {
      name: "What takes the room",
      picture: (print) => ({
        title: pictureTitle(panel, "what takes the room"),
        section: shareSection(onPaper(panel, print)),
        chart: shareChart,
        up: "matrices",
        across: "bytes",
      }),
      table: () => shareTable(document),
    },
    ...(document.curve.length > 0 && {
      ways: {
        name: "Divergence over size",
        picture: (print) => ({
          title: pictureTitle(panel, "divergence over size"),
          section: waysSection(onPaper(panel, print)),
          chart: waysChart,
          up: "divergence, logarithmic",
        }),
        table: () => waysTable(document),
      },
    }),
  };
  return exportDrawer({ title, document, charts, post });
}
