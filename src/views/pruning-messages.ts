import { showFailure } from "../editor/failure";
import type { PanelKind } from "./run-panel";
import type { PruningTypes } from "./pruning-run";
import { answerCommonMessage } from "./view-messages";

/** What panels and saved files of a pruning answer. */
export const answerPruningMessage: PanelKind<PruningTypes>["answer"] = async (app, message, shown) => {
  if (message.type !== "openInPreview") {
    await answerCommonMessage(app, message, { ...shown, samples: [] });
    return;
  }
  try {
    if (shown.document) await app.preview.open(shown.document, shown.title);
  } catch (error) {
    await showFailure(error, app.log);
  }
};
