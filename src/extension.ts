import { join } from "node:path";
import * as vscode from "vscode";

import { addModel } from "./commands/add-model";
import { analyzeFile } from "./commands/analyze-file";
import { analyzeSelection } from "./commands/analyze-selection";
import { cancel } from "./commands/cancel";
import { chooseModel } from "./commands/choose-model";
import { compareFolders } from "./commands/compare-folders";
import { comparePairs } from "./commands/compare-pairs";
import { compareSelected } from "./commands/compare-selected";
import { compareWithGit } from "./commands/compare-with-git";
import { compareWithPromptA } from "./commands/compare-with-prompt-a";
import { downloadModel } from "./commands/download-model";
import { exportResult } from "./commands/export-result";
import { forgetHubToken, setHubToken } from "./commands/hub-token";
import { markPromptA } from "./commands/mark-prompt-a";
import { countFrequency } from "./commands/count-frequency";
import { deleteModel, revealModel, useModel } from "./commands/model-actions";
import { compareResults, deleteResult, openResult } from "./commands/result-actions";
import { patchPromptA, patchSelected } from "./commands/patch";
import { openInPreview, previewPruning, useAsCalibration } from "./commands/preview-pruning";
import { setUpTensorflow } from "./commands/set-up-tensorflow";
import { showLog } from "./commands/show-log";
import { followDecorationsSetting, toggleDecorations } from "./commands/toggle-decorations";
import { trySample } from "./commands/try-sample";
import { confirmCost } from "./editor/confirm-cost";
import { failureOf, showFailure } from "./editor/failure";
import { HubAccess } from "./editor/hub-access";
import { Models, pathOfResultModel } from "./editor/models";
import { idleSeconds, runSettings } from "./editor/settings";
import { ScoringClient } from "./scoring/client";
import type { App } from "./views/app";
import { ModelsTree } from "./views/models-tree";
import { Panels } from "./views/panels";
import { PruningPreview } from "./views/pruning-preview";
import { ResultsStore } from "./views/results-store";
import { ResultsTree } from "./views/results-tree";
import { RunStatus } from "./views/run-status";
import { SaliencyDecorations } from "./views/saliency-decorations";
import { SavedEditor } from "./views/saved-editor";
import { ShownResults } from "./views/shown-results";
import { UnfinishedRuns } from "./views/unfinished-runs";

/** Registers everything; nothing is read, started or drawn before the user asks for it. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("Paramscope", { log: true });
  const worker = join(__dirname, "worker.cjs");
  const processes = { worker, log: (line: string) => log.info(line), idleSeconds };
  const scoring = new ScoringClient(processes);
  const downloads = new ScoringClient(processes);
  const models = new Models(context);
  const results = new ResultsStore(context);
  const unfinished = new UnfinishedRuns(context);
  const decorations = new SaliencyDecorations(context);
  const panels = new Panels(() => app);
  const preview = new PruningPreview(() => app);
  const status = new RunStatus(context, models);
  const app: App = {
    context,
    log,
    scoring,
    downloads,
    hub: new HubAccess(context.secrets),
    models,
    results,
    unfinished,
    tints: decorations,
    shown: new ShownResults(),
    preview,
    status,
    promptA: undefined,
    run: (kind, asked) => panels.run(kind, asked),
    open: (entry) => panels.show(entry),
    execute: async (name, ...given) => {
      await vscode.commands.executeCommand(`paramscope.${name}`, ...given);
    },
    settings: async (model, needs) => {
      const path = await (model ? pathOfResultModel(model, needs) : models.currentPath());
      return { ...runSettings(), model: path, identity: model?.hash };
    },
    confirm: (question, cost, { memory }) => confirmCost(question, cost, memory),
    begin: (cancel) => status.begin(cancel),
    failure: (error) => {
      log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      return failureOf(error);
    },
  };

  /** Arguments are what the menu gives that the command is declared for in package.json. */
  const command = <Arguments extends unknown[]>(
    name: string,
    run: (app: App, ...given: Arguments) => Promise<unknown> | void,
  ): vscode.Disposable =>
    vscode.commands.registerCommand(`paramscope.${name}`, async (...given: Arguments) => {
      try {
        return await run(app, ...given);
      } catch (error) {
        void showFailure(error, log);
        return undefined;
      }
    });

  context.subscriptions.push(
    log,
    scoring,
    downloads,
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("paramscope.decorations")) followDecorationsSetting(app);
    }),
    command("analyzeFile", analyzeFile),
    command("analyzeSelection", analyzeSelection),
    command("markPromptA", markPromptA),
    command("compareWithPromptA", compareWithPromptA),
    command("compareSelected", compareSelected),
    command("compareFolders", compareFolders),
    command("countFrequency", countFrequency),
    command("patchPromptA", patchPromptA),
    command("patchSelected", patchSelected),
    command("compareWithGit", compareWithGit),
    command("comparePairs", comparePairs),
    command("chooseModel", chooseModel),
    command("downloadModel", downloadModel),
    command("setHubToken", setHubToken),
    command("forgetHubToken", forgetHubToken),
    command("addModel", (app) => addModel(app)),
    command("useModel", useModel),
    command("revealModel", revealModel),
    command("deleteModel", deleteModel),
    command("refreshModels", ({ models }) => models.refresh()),
    command("openResult", openResult),
    command("compareResults", compareResults),
    command("deleteResult", deleteResult),
    command("cancel", cancel),
    command("setUpTensorflow", () => setUpTensorflow()),
    command("showLog", showLog),
    command("exportResult", exportResult),
    command("toggleDecorations", toggleDecorations),
    command("trySample", trySample),
    command("previewPruning", previewPruning),
    command("useAsCalibration", useAsCalibration),
    command("openInPreview", openInPreview),
    panels.register(),
    preview.register(),
    new SavedEditor(() => app).register(),
    new ModelsTree(models).register(),
    new ResultsTree(results).register(),
  );
}
