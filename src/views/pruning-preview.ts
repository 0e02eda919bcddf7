import { randomUUID } from "node:crypto";
import * as vscode from "vscode";

import type { App } from "../views/app";
import { chosenCalibration, chosenTexts, onlyText } from "../editor/chosen-texts";
import { askForFolder } from "../editor/export-places";
import { showFailure } from "../editor/failure";
import type { Origin } from "../kinds/asked";
import { optionsOfResult } from "../editor/options-of-result";
import { calibratedAgain } from "../editor/texts-of-sources";
import type { AnalysisDocument, PruningDocument } from "../engine/document/document";
import { formatCount } from "../format/numbers";
import type { FromPreview, ModelStructures, PruningPlan, ToPreview } from "../pages/preview";
import { isOf } from "../kinds/kind";
import { pruningKind } from "../kinds/pruning";
import { PreviewSession } from "./preview-session";
import { planOfPruning } from "./plan-of-pruning";
import { PreviewStore } from "./preview-store";
import { StateView } from "./state-view";
import { answerCommonMessage } from "./common-messages";
import { showInformation, showWarning } from "../editor/said";

const VIEW = "paramscope.preview";

/** The side bar's view that plans the pruning of a model, and on request measures what it costs. */
export class PruningPreview implements vscode.WebviewViewProvider {
  #page: StateView<ToPreview, FromPreview> | undefined;
  #session: PreviewSession | undefined;
  #store: PreviewStore | undefined;
  #restored: Promise<void> | undefined;

  readonly #app: () => App;

  /** @param app read when the view is first shown. */
  constructor(app: () => App) {
    this.#app = app;
  }

  register(): vscode.Disposable {
    return vscode.window.registerWebviewViewProvider(VIEW, this);
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#app().status.show();
    this.#page = new StateView(view, this.#app().context.extensionUri, "preview", {
      ready: () => void this.#tell(),
      receive: (message) => void this.#receive(message),
    });
    const chosen = this.#app().models.onDidChange(() => {
      void this.#session?.tellModel();
      this.#page?.post({ type: "structures", structures: null });
    });
    view.onDidDispose(() => void chosen.dispose());
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

  /**
   * Sets the controls as a pruning was made, and measures its calibration texts again.
   * @throws ParamscopeError when none of them can be read.
   */
  async open(document: PruningDocument, title: string): Promise<void> {
    await this.reveal();
    const session = this.#running;
    const { model, calibration, perplexity, continuation } = document;
    session.offer({
      id: randomUUID(),
      plan: planOfPruning(document),
      windows: perplexity?.windows,
      prompt: continuation?.prompt,
    });
    const { sources, tokens } = calibration;
    if (sources.length === 0) {
      void showInformation(`No text calibrated ${title}: choose some. Its options are set.`);
      return;
    }
    const { subject, isWhole } = await calibratedAgain(
      sources,
      title,
      "Open the folder that they are in, or calibrate with other texts: the options of the compression preview are set.",
    );
    await session.calibrate({
      ...subject,
      // of a text that gave several samples it was more than the first window
      firstWindows: new Set(sources).size === sources.length,
      model,
      options: optionsOfResult(document),
    });
    if (isWhole && session.tokens > 0 && session.tokens !== tokens)
      void showInformation(
        `${title} was calibrated with ${formatCount(tokens)} tokens. Read again its texts are ${formatCount(session.tokens)}: they are other ones now, or cut otherwise.`,
      );
  }

  async #tell(): Promise<void> {
    await (this.#restored ??= this.#restore());
    this.#running.tell();
  }

  /** What the window before this one showed. */
  async #restore(): Promise<void> {
    const kept = await this.#kept.load();
    if (kept === undefined) return;
    const { log, results } = this.#app();
    try {
      const { evaluated } = kept;
      const result = evaluated && (await results.load(evaluated.id));
      // what the model allows is asked of it, and told when it is known
      void this.#running.restore(kept, isOf(pruningKind, result) ? result : undefined);
    } catch (error) {
      log.warn(`What the compression preview showed could not be read: ${String(error)}`);
    }
  }

  get #kept(): PreviewStore {
    return (this.#store ??= new PreviewStore(this.#app().context));
  }

  get #running(): PreviewSession {
    const app = this.#app();
    const { scoring, models, log, results } = app;
    this.#session ??= new PreviewSession({
      scoring,
      settings: (...of) => app.settings(...of),
      confirm: (...about) => app.confirm(...about),
      begin: (cancel) => app.begin(cancel),
      failure: (error) => app.failure(error),
      post: (message) => this.#page?.post(message),
      modelName: () => models.currentName,
      modelPath: () => models.currentPath(),
      keep: async (document, { title, origins }, id) => {
        try {
          if (id === undefined) return (await results.add(document, title, [...origins])).id;
          await results.update(id, document);
        } catch (error) {
          log.warn(`The result was not kept in the history: ${String(error)}`);
        }
        return id;
      },
      remember: async (preview) => {
        try {
          await this.#kept.keep(preview);
        } catch (error) {
          log.warn(`What the compression preview shows was not kept: ${String(error)}`);
        }
      },
    });
    return this.#session;
  }

  async #receive(message: FromPreview): Promise<void> {
    try {
      await this.#answer(message);
    } catch (error) {
      void showFailure(error, this.#app().log);
    }
  }

  async #answer(message: FromPreview): Promise<void> {
    const session = this.#running;
    switch (message.type) {
      // what it shows is kept with its session
      case "keep":
      case "ready":
        break;
      case "cancel":
        session.cancel();
        break;
      case "tryAgain":
        await session.calibrateAgain();
        break;
      case "calibrate": {
        const subject = await chosenCalibration(message.from);
        if (subject) await session.calibrate(subject);
        break;
      }
      case "chooseFormats":
        await this.#app().execute("chooseFormatsWith", message.from);
        break;
      case "structures":
        this.#page?.post({ type: "structures", structures: await this.#structures() });
        break;
      case "removeParts": {
        const { from, ...wanted } = message;
        await this.#app().execute("removePartsWith", from, wanted);
        break;
      }
      case "evaluate": {
        const ask = { title: "Measure perplexity on a text", openLabel: "Evaluate" };
        const subject = await chosenTexts(message.on, ask);
        if (subject)
          await session.evaluate(
            message.plan,
            { text: onlyText(subject, "perplexity is"), windows: message.windows },
            message.prompt,
          );
        break;
      }
      case "estimate": {
        // unasked: neither for a text nor with an error where there is none
        const subject = await chosenTexts(message.on, {}).catch(() => undefined);
        const [text, ...others] = subject?.texts ?? [];
        if (text === undefined || others.length > 0) this.#page?.post({ type: "cost", cost: null });
        else await session.estimate(message.plan, { text, windows: message.windows }, message.prompt);
        break;
      }
      case "measureCurve":
        await session.measureCurve(message.criteria);
        break;
      case "exportPruned":
        await this.#export(message.plan, message.what);
        break;
      default:
        await answerCommonMessage(message, {
          document: session.evaluated,
          title: session.evaluatedTitle,
          samples: [],
          origins: [],
          column: undefined,
        });
    }
  }

  /** What can be taken out of the chosen model. */
  async #structures(): Promise<ModelStructures> {
    const app = this.#app();
    try {
      const choices = await app.scoring.shrinkChoices(await app.settings(undefined, "To see what can be taken out"));
      return { model: app.models.currentName, choices };
    } catch (error) {
      const { message, remedy, kind } = app.failure(error);
      return { problem: { message, remedy, kind } };
    }
  }

  /** Asks where; a folder that an earlier export wrote is replaced once the user says so. */
  async #export(plan: PruningPlan, what: "model" | "masks"): Promise<void> {
    const session = this.#running;
    const folder = await folderOf(plan, what);
    if (folder === undefined) return;
    const exported = (force: boolean) => {
      const target = { folder, force };
      return session.export(plan, what === "model" ? { exportTo: target } : { masksTo: target });
    };
    const error = await exported(false);
    if (error?.settings?.includes("force") !== true) return;
    const options = { modal: true, detail: "Only the files that it wrote are removed." };
    if ((await showWarning(error.message, options, "Replace it")) === "Replace it") await exported(true);
  }
}

/** Where, and how the new folder is to be called; undefined where the user thought better of it. */
async function folderOf(plan: PruningPlan, what: "model" | "masks"): Promise<string | undefined> {
  const much = plan.pattern === null ? Math.round(100 * plan.sparsity) : `${plan.pattern.pruned}-${plan.pattern.of}`;
  return await askForFolder(
    what === "model" ? "the pruned model" : "the masks",
    `${what === "model" ? "pruned" : "masks"}-${plan.criterion}-${much}`,
  );
}
