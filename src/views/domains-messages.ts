import * as vscode from "vscode";

import type { DomainsTypes } from "./domains-run";
import type { PanelKind } from "./run-panel";
import { answerCommonMessage } from "./view-messages";

/** What panels and saved files answer alike. */
export const answerDomainsMessage: PanelKind<DomainsTypes>["answer"] = async (app, message, shown) => {
  if (message.type === "compareFolders") await vscode.commands.executeCommand("paramscope.compareFolders");
  else await answerCommonMessage(app, message, { ...shown, samples: [] });
};
