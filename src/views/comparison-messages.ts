import * as vscode from "vscode";

import type { App } from "../editor/app";
import type { Origin } from "../editor/texts";
import type { ComparisonDocument } from "../engine/document/document";
import { swapSides } from "../engine/document/swap-sides";
import { answerCommonMessage } from "./view-messages";
import type { FromComparisonView } from "./comparison-protocol";

/** What is shown while the message comes. */
interface Shown {
  readonly document: ComparisonDocument | undefined;
  readonly title: string;
  readonly origins: readonly Origin[];
  readonly column: vscode.ViewColumn | undefined;
}

/** What panels and saved files answer alike. */
export async function answerComparisonMessage(
  app: App,
  message: Exclude<FromComparisonView, { type: "ready" | "cancel" | "tryAgain" }>,
  { document, ...shown }: Shown,
): Promise<void> {
  switch (message.type) {
    case "compareResults":
      await vscode.commands.executeCommand("paramscope.compareResults");
      break;
    case "reveal":
      await answerCommonMessage(app, message, { ...shown, document, samples: document?.[message.side].samples ?? [] });
      break;
    case "save": {
      const saved = document && message.swapped ? swapSides(document) : document;
      await answerCommonMessage(app, { type: "save" }, { ...shown, document: saved, samples: [] });
      break;
    }
    default:
      await answerCommonMessage(app, message, { ...shown, document, samples: [] });
  }
}
