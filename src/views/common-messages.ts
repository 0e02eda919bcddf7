import * as vscode from "vscode";

import { originOfSource, reveal } from "../editor/reveal";
import type { ResultDocument, SampleDescription } from "../engine/document/document";
import type { Origin } from "../kinds/asked";
import type { FromAnalysisView } from "../pages/analysis";
import { allowedLink } from "../format/links";
import { exportContent, saveDocument } from "./save-document";
import { showInformation } from "../editor/said";

/** What all pages may ask for, wherever they are shown. */
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

interface ShownDocument {
  readonly document: ResultDocument | undefined;
  readonly title: string;
  /** The samples that a place is given by. */
  readonly samples: readonly SampleDescription[];
  readonly origins: readonly Origin[];
  /** That of the page, over which no text is opened. */
  readonly column: vscode.ViewColumn | undefined;
}

export async function answerCommonMessage(
  message: CommonMessage,
  { document, samples, title, origins, column }: ShownDocument,
): Promise<void> {
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
      if (!origin) void showInformation(`${sample.source} is not in this workspace.`);
      else await reveal(origin, sample.offset + message.start, sample.offset + message.end, column);
      break;
    }
    case "openLink": {
      const link = allowedLink(message.url);
      if (link !== undefined) await vscode.env.openExternal(vscode.Uri.parse(link, true));
      break;
    }
    default:
      // A kind takes its page at its word: a message that it forgets is a button that does nothing.
      throw new Error(`nobody answers ${JSON.stringify(message satisfies never)}`);
  }
}
