import type { TemplateResult } from "lit";
import { elementAt } from "../../src/engine/numbers/elements";
import { exportDrawer, type ExportedChart, pictureTitle } from "../shared/export-drawer";
import { onPaper } from "../shared/print";
import { choiceChart, choiceSection, choiceTable } from "./choice";
import { measures } from "./measures";
import type { Panel } from "./panel";
import { poolTable } from "./pool";
import { studySection, studyTable } from "./study";
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
            picture: (print) => ({
              title: paper(`${measures[view.measure].name.toLowerCase()} after pruning`),
              section: studySection(onPaper(panel, print)),
              up: "calibrated with",
              across: "measured on",
            }),
            table: () => studyTable(panel),
          },
        }
      : {
          choice: {
            name: "Chosen and random texts",
            picture: (print) => ({
              title: paper(`perplexity on ${elementAt(evaluations, 0).name} by calibration`),
              section: choiceSection(onPaper(panel, print), choice),
              chart: choiceChart,
              up: "calibrated with",
              across: `perplexity on ${elementAt(evaluations, 0).name}`,
            }),
            table: () => choiceTable(document),
          },
          pool: { name: `Texts of ${choice.pool}`, table: () => poolTable(choice) },
        }),
    calibrations: { name: "Calibrated with", table: () => calibrationsTable(document) },
    evaluations: { name: "Measured on", table: () => evaluationsTable(document) },
  };
  return exportDrawer({ title, document, charts, post });
}
