import * as vscode from "vscode";

import type { ParamscopeDocument, SampleDescription } from "../engine/document/document";
import type { App } from "../editor/app";
import { showFailure } from "../editor/failure";
import { originOfSource, reveal } from "../editor/reveal";
import type { FromAnalysisView } from "../pages/analysis";
import { allowedLink } from "../pages/links";
import type { Shown as ShownDocument } from "./page-kind";
import { exportContent, saveDocument } from "./save-document";

/** What panels and saved files answer alike. */
export type CommonMessage = Extract<
  FromAnalysisView,
  {
    type:
      | "showLog"
      | "chooseModel"
      | "downloadModel"
      | "analyzeActiveFile"
      | "trySample"
      | "useAsCalibration"
      | "reveal"
      | "save"
      | "export"
      | "openLink";
  }
>;

interface Shown extends ShownDocument<ParamscopeDocument> {
  /** Those that a place is given by. */
  readonly samples: readonly SampleDescription[];
}

export async function answerCommonMessage(app: App, message: CommonMessage, shown: Shown): Promise<void> {
  try {
    await answer(message, shown);
  } catch (error) {
    await showFailure(error, app.log);
  }
}

async function answer(message: CommonMessage, { document, samples, title, origins, column }: Shown): Promise<void> {
  switch (message.type) {
    case "showLog":
      await vscode.commands.executeCommand("paramscope.showLog");
      break;
    case "chooseModel":
      await vscode.commands.executeCommand("paramscope.chooseModel");
      break;
    case "downloadModel":
      await vscode.commands.executeCommand("paramscope.downloadModel", message.id);
      break;
    case "analyzeActiveFile":
      await vscode.commands.executeCommand("paramscope.analyzeFile");
      break;
    case "trySample":
      await vscode.commands.executeCommand("paramscope.trySample");
      break;
    case "useAsCalibration":
      await vscode.commands.executeCommand("paramscope.useAsCalibration");
      break;
    case "save":
      if (document) await saveDocument(document, title);
      break;
    case "export":
      await exportContent(message);
      break;
    case "reveal": {
      const sample = samples.at(message.sample);
      if (!sample) break;
      const origin = origins.find(({ source }) => source === sample.source) ?? (await originOfSource(sample.source));
      if (!origin) void vscode.window.showInformationMessage(`${sample.source} is not in this workspace.`);
      else await reveal(origin, sample.offset + message.start, sample.offset + message.end, column);
      break;
    }
    case "openLink": {
      const link = allowedLink(message.url);
      if (link !== undefined) await vscode.env.openExternal(vscode.Uri.parse(link, true));
    }
  }
}
