import { join } from "node:path";
import * as vscode from "vscode";

import { allCommands } from "./commands/commands";
import { followDecorationsSetting } from "./commands/toggle-decorations";
import { confirmCost } from "./editor/confirm-cost";
import { failureOf, showFailure } from "./editor/failure";
import { HubAccess } from "./editor/hub-access";
import { Models, pathOfResultModel } from "./editor/models";
import { idleSeconds, runSettings } from "./editor/settings";
import { stackOf } from "./engine/errors";
import { ScoringClient } from "./wire/client";
import type { App } from "./views/app";
import { ModelsTree } from "./views/models-tree";
import { Panels } from "./views/panels";
import { PruningPreview } from "./views/pruning-preview";
import { ResultsStore } from "./views/results-store";
import { ResultsTree } from "./views/results-tree";
import { RunStatus } from "./views/run-status";
import { PromptA } from "./views/prompt-a";
import { PromptLenses } from "./views/prompt-lenses";
import { SaliencyDecorations } from "./views/saliency-decorations";
import { SavedEditor } from "./views/saved-editor";
import { ShownResults } from "./views/shown-results";
import { UnfinishedRuns } from "./views/unfinished-runs";
import { readableLog } from "./editor/said";

/** Registers everything; but for what stands above prompts, nothing is read, started or drawn before the user asks for it. */
export function activate(context: vscode.ExtensionContext): void {
  const channel = vscode.window.createOutputChannel("Paramscope", { log: true });
  const log = readableLog(channel);
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
    promptA: new PromptA(context),
    lenses: new PromptLenses(() => app),
    run: (kind, asked) => panels.run(kind, asked),
    open: (entry) => panels.show(entry),
    execute: async (name, ...given) => {
      await vscode.commands.executeCommand(`paramscope.${name}`, ...given);
    },
    chooseModel: async () => (await vscode.commands.executeCommand("paramscope.chooseModel")) === true,
    settings: async (model, needs) => {
      const path = await (model ? pathOfResultModel(model, needs) : models.currentPath());
      return { ...runSettings(), model: path, identity: model?.hash };
    },
    confirm: confirmCost,
    begin: (cancel) => status.begin(cancel),
    failure: (error) => {
      log.error(stackOf(error));
      return failureOf(error);
    },
  };

  const registered = Object.entries(allCommands).map(([name, run]) =>
    vscode.commands.registerCommand(`paramscope.${name}`, async (...given: unknown[]) => {
      status.show();
      try {
        return await run(app, ...given);
      } catch (error) {
        void showFailure(error, log);
        return undefined;
      }
    }),
  );

  context.subscriptions.push(
    channel,
    scoring,
    downloads,
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("paramscope.decorations")) followDecorationsSetting(app);
    }),
    ...registered,
    panels.register(),
    app.lenses.register(),
    preview.register(),
    new SavedEditor(() => app).register(),
    new ModelsTree(models).register(),
    new ResultsTree(results).register(),
  );
}
