import * as vscode from "vscode";

import type { ComparisonTypes } from "./comparison-run";
import type { PanelKind } from "./run-panel";
import { answerCommonMessage } from "./view-messages";

/** What panels and saved files answer alike. */
export const answerComparisonMessage: PanelKind<ComparisonTypes>["answer"] = async (
  app,
  message,
  { document, ...shown },
) => {
  switch (message.type) {
    case "compareResults":
      await vscode.commands.executeCommand("paramscope.compareResults");
      break;
    case "reveal":
      await answerCommonMessage(app, message, { ...shown, document, samples: document?.[message.side].samples ?? [] });
      break;
    case "chooseSides":
      break;
    default:
      await answerCommonMessage(app, message, { ...shown, document, samples: [] });
  }
};
