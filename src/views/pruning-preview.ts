import { join } from "node:path";
import * as vscode from "vscode";

import type { App } from "../editor/app";
import { chosenTexts } from "../editor/chosen-texts";
import { confirmCost } from "../editor/confirm-cost";
import { failureOf, showFailure } from "../editor/failure";
import { pathOfResultModel } from "../editor/models";
import { runSettings } from "../editor/settings";
import type { Origin } from "../editor/texts";
import type { AnalysisDocument } from "../engine/document/document";
import { ParamscopeError } from "../engine/errors";
import type { FromPreview, PruningPlan, ToPreview } from "./preview-protocol";
import { PreviewSession } from "./preview-session";
import { StateView } from "./state-view";
import { answerCommonMessage } from "./view-messages";

const VIEW = "paramscope.preview";

/** The side bar's view that plans the pruning of a model, and on request measures what it costs. */
export class PruningPreview implements vscode.WebviewViewProvider {
  #page: StateView<ToPreview, FromPreview> | undefined;
  #session: PreviewSession | undefined;

  /** @param app read when the view is first shown. */
  constructor(private readonly app: () => App) {}

  register(): vscode.Disposable {
    return vscode.window.registerWebviewViewProvider(VIEW, this);
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#page = new StateView(view, this.app().context.extensionUri, "preview", {
      ready: () => this.#running.tell(),
      receive: (message) => void this.#receive(message),
    });
  }

  /** Brings the view to the front. */
  async reveal(): Promise<void> {
    await vscode.commands.executeCommand(`${VIEW}.focus`);
  }

  /** Takes the texts and densities of an analysis as calibration. */
  async calibrateWith(document: AnalysisDocument, of: { title: string; origins: readonly Origin[] }): Promise<void> {
    await this.reveal();
    await this.#running.useAnalysis(document, of);
  }

  get #running(): PreviewSession {
    const { scoring, models, log, status, results } = this.app();
    this.#session ??= new PreviewSession({
      scoring,
      post: (message) => this.#page?.post(message),
      settings: async (model) => {
        const path = await (model ? pathOfResultModel(model, "Pruning") : models.currentPath());
        return { ...runSettings(), model: path };
      },
      modelName: () => models.currentName,
      confirm: (question, cost, { memory }) => confirmCost(question, cost, memory),
      begin: (cancel) => status.begin(cancel),
      keep: async (document, { title, origins }, id) => {
        try {
          if (id === undefined) return (await results.add(document, title, [...origins])).id;
          await results.update(id, document);
        } catch (error) {
          log.warn(`The result was not kept in the history: ${String(error)}`);
        }
        return id;
      },
      failure: (error) => {
        log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
        return failureOf(error);
      },
    });
    return this.#session;
  }

  async #receive(message: FromPreview): Promise<void> {
    try {
      await this.#answer(message);
    } catch (error) {
      void showFailure(error, this.app().log);
    }
  }

  async #answer(message: FromPreview): Promise<void> {
    const session = this.#running;
    switch (message.type) {
      case "ready":
        break;
      case "cancel":
        session.cancel();
        break;
      case "tryAgain":
        await session.calibrateAgain();
        break;
      case "calibrate": {
        const ask = { title: "Calibrate with a folder of texts", openLabel: "Calibrate", canSelectFolders: true };
        const subject = await chosenTexts(message.from, { ...ask, canSelectFiles: false });
        if (subject) await session.calibrate(subject);
        break;
      }
      case "evaluate": {
        const ask = { title: "Measure perplexity on a text", openLabel: "Evaluate" };
        const subject = await chosenTexts(message.on, ask);
        if (subject)
          await session.evaluate(message.plan, { text: onlyText(subject), windows: message.windows }, message.prompt);
        break;
      }
      case "estimate": {
        // unasked: neither for a text nor with an error where there is none
        const subject = await chosenTexts(message.on, {}).catch(() => undefined);
        if (subject?.texts.length !== 1) this.#page?.post({ type: "cost", cost: null });
        else await session.estimate(message.plan, { text: subject.texts[0], windows: message.windows }, message.prompt);
        break;
      }
      case "measureCurve":
        await session.measureCurve(message.criteria);
        break;
      case "exportPruned":
        await this.#export(message.plan, message.what);
        break;
      default:
        await answerCommonMessage(this.app(), message, {
          document: session.evaluated,
          title: session.evaluatedTitle,
          samples: [],
          origins: [],
          column: undefined,
        });
    }
  }

  /** Asks where; a folder that an earlier export wrote is replaced once the user says so. */
  async #export(plan: PruningPlan, what: "model" | "masks"): Promise<void> {
    const session = this.#running;
    const folder = await askForFolder(plan, what);
    if (folder === undefined) return;
    const exported = (force: boolean) => {
      const target = { folder, force };
      return session.export(plan, what === "model" ? { exportTo: target } : { masksTo: target });
    };
    const error = await exported(false);
    if (error?.settings?.includes("force") !== true) return;
    const options = { modal: true, detail: "Only the files that it wrote are removed." };
    if ((await vscode.window.showWarningMessage(error.message, options, "Replace it")) === "Replace it")
      await exported(true);
  }
}

function onlyText({ title, texts }: { title: string; texts: readonly { source: string; text: string }[] }) {
  if (texts.length === 1) return texts[0];
  throw new ParamscopeError(`${title} holds ${texts.length} texts, and perplexity is that of one`, "Choose one text.");
}

/** Where, and how the new folder is to be called; undefined where the user thought better of it. */
async function askForFolder(plan: PruningPlan, what: "model" | "masks"): Promise<string | undefined> {
  const written = what === "model" ? "the pruned model" : "the masks";
  const parents = await vscode.window.showOpenDialog({
    title: `Choose where the folder of ${written} is to be`,
    openLabel: "Export here",
    canSelectFolders: true,
    canSelectFiles: false,
    defaultUri: vscode.workspace.workspaceFolders?.[0]?.uri,
  });
  if (parents === undefined) return undefined;
  const [parent] = parents;
  if (parent.scheme !== "file")
    throw new ParamscopeError(`${parent.toString()} is not on this machine`, "Choose a folder of this machine.");
  const much = plan.pattern === null ? Math.round(100 * plan.sparsity) : `${plan.pattern.pruned}-${plan.pattern.of}`;
  const name = await vscode.window.showInputBox({
    title: "Export",
    prompt: `The name of a new folder for ${written}`,
    value: `${what === "model" ? "pruned" : "masks"}-${plan.criterion}-${much}`,
    validateInput: (value) => (/^[^\\/]*[^\\/.\s][^\\/]*$/.test(value) ? undefined : "Write a name without slashes."),
  });
  return name === undefined ? undefined : join(parent.fsPath, name);
}
