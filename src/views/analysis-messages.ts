import type { AnalysisTypes } from "./analysis-run";
import type { PanelKind } from "./run-panel";
import { answerCommonMessage } from "./view-messages";

/** What panels and saved files answer alike; the rest differs with what they hold, and they answer it themselves. */
export const answerAnalysisMessage: PanelKind<AnalysisTypes>["answer"] = async (app, message, shown) => {
  switch (message.type) {
    case "chooseThreshold":
    case "explain":
    case "toggleDecorations":
    case "openProfile":
    case "cancelProfile":
      break;
    default:
      await answerCommonMessage(app, message, { ...shown, samples: shown.document?.samples ?? [] });
  }
};
