import type { PruningDocument } from "../engine/document/document";
import { ParamscopeError } from "../engine/errors";
import { analysisKind } from "../kinds/analysis";
import { isOf } from "../kinds/kind";
import type { App } from "../views/app";
import type { ResultEntry } from "../views/results-store";

/** Shows the compression preview of the side bar. */
export async function previewPruning(app: App): Promise<void> {
  await app.preview.reveal();
}

/** Takes an analysis as calibration of the compression preview: one of the history, else the one that was last in use. */
export async function useAsCalibration(app: App, entry?: ResultEntry): Promise<void> {
  const last = app.shown.last(({ shown }) => isOf(analysisKind, shown?.document));
  const document = entry === undefined ? last?.shown?.document : await app.results.load(entry.id);
  if (!isOf(analysisKind, document))
    throw new ParamscopeError("There is no analysis to calibrate with", "Analyze some texts first.");
  await app.preview.calibrateWith(document, entry ?? { title: last?.title ?? "", origins: [] });
}

/** Sets the controls of the compression preview as a pruning was made: what its page offers. */
export async function openInPreview(app: App, document: PruningDocument, title: string): Promise<void> {
  await app.preview.open(document, title);
}
