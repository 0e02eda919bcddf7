import type { TemplateResult } from "lit";
import { exportDrawer, type ExportedChart, pictureTitle } from "../shared/export-drawer";
import { onPaper } from "../shared/print";
import { formatsSection, formatsTable } from "./formats";
import { asPlanned, type Panel } from "./panel";
import { shareChart, shareSection, shareTable } from "./share";
import { isOfOneSize, waysChart, waysSection, waysTable } from "./ways";

/** Pictures and tables of what is shown, or the whole result. */
export function bitsExport(panel: Panel): TemplateResult {
  const { title, document, post } = panel;
  // as they are drawn
  const shown = asPlanned(panel);
  const charts: Record<string, ExportedChart> = {
    formats: {
      name: "Formats",
      picture: (print) => ({
        title: pictureTitle(panel, "formats of matrices"),
        section: formatsSection(onPaper(shown, print)),
        up: "layer",
        across: "matrix",
      }),
      table: () => formatsTable(shown.document),
    },
    share: {
      name: "What takes the room",
      picture: (print) => ({
        title: pictureTitle(panel, "what takes the room"),
        section: shareSection(onPaper(shown, print)),
        chart: shareChart,
        up: "matrices",
        across: "bytes",
      }),
      table: () => shareTable(shown.document),
    },
    ...(document.curve.length > 0 && {
      ways: {
        name: "Divergence by way of choosing",
        picture: (print) => ({
          title: pictureTitle(panel, "divergence by way of choosing"),
          section: waysSection(onPaper(panel, print)),
          chart: waysChart,
          ...(isOfOneSize(document)
            ? { up: "way of choosing", across: "divergence" }
            : { up: "divergence, logarithmic" }),
        }),
        table: () => waysTable(document),
      },
    }),
  };
  return exportDrawer({ title, document, charts, post });
}
