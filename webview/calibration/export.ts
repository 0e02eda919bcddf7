import type { TemplateResult } from "lit";
import { elementAt } from "../../src/engine/numbers/elements";
import { exportDrawer, type ExportedChart, paperOf, pictureTitle, shownChart } from "../shared/export-drawer";
import { heatMapSvg } from "../shared/heat-map-svg";
import { choiceChart, choiceTable } from "./choice";
import { measures } from "./measures";
import type { Panel } from "./panel";
import { poolTable } from "./pool";
import { studyHeatMap, studyTable } from "./study";
import { calibrationsTable, evaluationsTable } from "./texts";

/** Pictures and tables of what is shown, or the whole result. */
export function calibrationExport(panel: Panel): TemplateResult {
  const { title, document, view, post } = panel;
  const { choice, evaluations } = document;
  const paper = (what: string) => pictureTitle(panel, what);
  const charts: Record<string, ExportedChart> = {
    ...(choice === null
      ? {
          study: {
            name: "Calibrations",
            picture: () =>
              heatMapSvg(
                studyHeatMap(panel, 640).map,
                paperOf(
                  paper(`${measures[view.measure].name.toLowerCase()}, calibrated with (rows), measured on (columns)`),
                ),
              ),
            table: () => studyTable(panel),
          },
        }
      : {
          choice: {
            name: "Chosen and random texts",
            picture: () =>
              shownChart(choiceChart, paper(`perplexity on ${elementAt(evaluations, 0).name} by calibration`)),
            table: () => choiceTable(document),
          },
          pool: { name: `Texts of ${choice.pool}`, table: () => poolTable(choice) },
        }),
    calibrations: { name: "Calibrated with", table: () => calibrationsTable(document) },
    evaluations: { name: "Measured on", table: () => evaluationsTable(document) },
  };
  return exportDrawer({ title, document, charts, post });
}
