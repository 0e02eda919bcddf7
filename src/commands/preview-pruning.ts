import type { App } from "../editor/app";
import type { AnalysisDocument } from "../engine/document/document";
import { ParamscopeError } from "../engine/errors";
import type { ResultEntry } from "../views/results-store";
import type { ShownResult } from "../views/shown-results";

/** Shows the pruning preview of the side bar. */
export async function previewPruning(app: App): Promise<void> {
  await app.preview.reveal();
}

/** Takes an analysis as calibration of the pruning preview: one of the history, else the one that was last in use. */
export async function useAsCalibration(app: App, entry?: ResultEntry): Promise<void> {
  const shown = app.shown.last((result): result is ShownAnalysis => result.document?.format === "paramscope.analysis");
  const document = entry === undefined ? shown?.document : await app.results.load(entry.id);
  if (document?.format !== "paramscope.analysis")
    throw new ParamscopeError("There is no analysis to calibrate with", "Analyze some texts first.");
  await app.preview.calibrateWith(document, entry ?? { title: shown?.title ?? "", origins: [] });
}

type ShownAnalysis = ShownResult & { readonly document: AnalysisDocument };
