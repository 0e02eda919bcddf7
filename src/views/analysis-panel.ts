import { basename } from "node:path";
import type * as vscode from "vscode";

import type { AnalysisDocument } from "../engine/document/document";
import type { App } from "../editor/app";
import { confirmCost } from "../editor/confirm-cost";
import { failureOf } from "../editor/failure";
import { runSettings } from "../editor/settings";
import type { Subject } from "../editor/texts";
import type { RunSettings } from "../scoring/protocol";
import { answerCommonMessage } from "./view-messages";
import type { FromAnalysisView, RunAgainOptions, ToAnalysisView } from "./analysis-protocol";
import { AnalysisRun } from "./analysis-run";
import { FullProfile } from "./full-profile";
import { keepResult, rememberResult } from "./remembered-results";
import type { ResultEntry } from "./results-store";
import type { RunningEntry } from "./run-status";
import { StateView } from "./state-view";
import type { UnfinishedRun } from "./unfinished-runs";
import { panelIcon } from "./webview-page";

/** One panel with one analysis: the host's side. Its state is here; the page is told all of it whenever it is shown. */
export class AnalysisPanel {
  readonly #run: AnalysisRun;
  readonly #profile: FullProfile;
  readonly #page: StateView<ToAnalysisView, FromAnalysisView>;
  /** The panel's title. */
  #name: string;
  #subject: Subject | undefined;
  /** Of the last run, to try it again. */
  #options: RunAgainOptions | undefined;
  #modelPath: string | undefined;
  #status: RunningEntry | undefined;

  constructor(
    private readonly app: App,
    readonly panel: vscode.WebviewPanel,
  ) {
    const { extensionUri } = app.context;
    this.#name = panel.title;
    this.#run = new AnalysisRun(app.scoring, {
      post: (message) => this.#post(message),
      confirm: (cost, { memory }) => confirmCost(`Analyze ${this.#subject?.title ?? "this text"}`, cost, memory),
      progress: (progress) => this.#status?.update(progress),
      failure: (error) => {
        app.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
        return failureOf(error);
      },
    });
    this.#profile = new FullProfile(app, (profile) => this.#post({ type: "profile", profile }));
    panel.iconPath = panelIcon(extensionUri);
    panel.onDidDispose(() => {
      this.#run.cancel();
      this.#profile.close();
      // A disposed panel does not tell its title.
      app.unfinished.end(this.#name);
    });
    this.#page = new StateView(panel, extensionUri, "analysis", {
      ready: () => this.#post({ type: "state", state: this.#run.state }),
      receive: (message) => void this.#receive(message),
    });
  }

  get title(): string {
    return this.#run.state.phase === "empty" ? "" : this.#run.state.title;
  }

  get document(): AnalysisDocument | undefined {
    return this.#run.state.phase === "done" ? this.#run.state.document : undefined;
  }

  /** Analyses a text and keeps the result in the history. */
  async analyze(subject: Subject, options?: RunAgainOptions, modelPath?: string): Promise<void> {
    this.#subject = subject;
    this.#options = options;
    this.#modelPath = modelPath;
    this.#profile.close();
    const { models, status, unfinished } = this.app;
    const modelName = modelPath === undefined ? models.currentName : basename(modelPath);
    const name = this.#rename(subject.title);
    unfinished.begin(name, { subject, options, modelPath, modelName });
    const settings = async (): Promise<RunSettings> => {
      const model = modelPath ?? (await models.currentPath());
      return { ...runSettings(), ...options, model };
    };
    this.#status?.end();
    const entry = status.begin(() => this.#run.cancel());
    this.#status = entry;
    const { title, texts, notes, samples } = subject;
    const set = { texts, notes, samples };
    const document = await this.#run.start({ title, modelName, set, settings });
    entry.end();
    // Another run of the same panel has begun an entry of its own, under the same name or another.
    if (this.#status === entry || this.#name !== name) unfinished.end(name);
    if (!document) return;
    await keepResult(this.app, document, { title, origins: subject.origins, panel: this.#name });
    if (this.app.decorations.isOn) this.#decorate();
  }

  /** Shows a result of the history. */
  show(document: AnalysisDocument, { id, title, origins }: ResultEntry): void {
    this.#subject = { title, texts: [], notes: document.run.notes, origins, samples: document.samples };
    this.#options = undefined;
    this.#modelPath = undefined;
    this.#rename(title);
    this.#profile.close();
    this.#run.show({ phase: "done", title, document, saved: false, decorated: false });
    void rememberResult(this.app.context, this.#name, id);
  }

  /** Says that a run ended with the window, and offers it again. */
  showInterrupted({ subject, options, modelPath, modelName }: UnfinishedRun): void {
    this.#subject = subject;
    this.#options = options;
    this.#modelPath = modelPath;
    this.#run.show({ phase: "interrupted", title: subject.title, model: modelName, target: options?.target });
  }

  /** Says that the result that was here is gone. */
  showGone(): void {
    this.#run.show({ phase: "empty" });
  }

  toggleDecorations(): void {
    const { state } = this.#run;
    if (state.phase === "done") this.setDecorated(!state.decorated);
  }

  /** Tints the tokens of the result in their editor, or does so no more. */
  setDecorated(isOn: boolean): void {
    const { state } = this.#run;
    if (state.phase !== "done" || state.decorated === isOn) return;
    if (isOn) this.#decorate();
    else this.app.decorations.clear();
    this.refreshDecorated();
  }

  /** Tells the page whether its tokens are tinted in the editor, when that has changed. */
  refreshDecorated(): void {
    const { state } = this.#run;
    if (state.phase !== "done") return;
    const decorated = this.app.decorations.shows(state.document);
    if (decorated !== state.decorated) this.#run.show({ ...state, decorated });
  }

  #rename(title: string): string {
    this.#name = panelTitle(title);
    this.panel.title = this.#name;
    return this.#name;
  }

  #decorate(): void {
    const { document } = this;
    if (!document || !this.#subject) return;
    this.app.decorations.show(document, this.#subject.origins);
    this.refreshDecorated();
  }

  #post(message: ToAnalysisView): void {
    this.#page.post(message);
    if (message.type === "state" && this.#profile.state) this.#post({ type: "profile", profile: this.#profile.state });
  }

  async #receive(message: FromAnalysisView): Promise<void> {
    switch (message.type) {
      case "ready":
        break;
      case "cancel":
        this.#run.cancel();
        break;
      case "tryAgain":
        if (this.#subject) await this.analyze(this.#subject, this.#options, this.#modelPath);
        break;
      case "runAgain":
        if (this.#subject) await this.analyze(this.#subject, message.options);
        break;
      case "explain":
        await this.#explain(message.sample, message.token);
        break;
      case "toggleDecorations":
        this.toggleDecorations();
        break;
      case "openProfile":
        if (this.document) await this.#profile.open(this.document, message.layer, message.matrix);
        break;
      case "cancelProfile":
        this.#profile.cancel();
        break;
      default:
        await answerCommonMessage(this.app, message, {
          document: this.document,
          samples: this.document?.samples ?? [],
          title: this.title,
          origins: this.#subject?.origins ?? [],
          column: this.panel.viewColumn,
        });
    }
  }

  /** Runs the sample again with the token as what is predicted, in a panel of its own: this one is what is explained. */
  async #explain(sampleIndex: number, token: number): Promise<void> {
    const { document } = this;
    if (!document || !this.#subject) return;
    await this.app.panels.analyze(...explanation(document, this.#subject, sampleIndex, token));
  }
}

/** What `AnalysisPanel.analyze` takes to explain a token. */
export function explanation(
  document: AnalysisDocument,
  subject: Subject,
  sampleIndex: number,
  token: number,
): [Subject, RunAgainOptions, string] {
  const sample = document.samples[sampleIndex];
  const { mode, share, tau } = document.threshold;
  const title = `${sample.source}: ${JSON.stringify(sample.tokens[token].text)}`;
  const options: RunAgainOptions = {
    target: `next-token:${token}`,
    threshold: mode === "share" ? { mode, share } : { mode, tau },
    window: document.run.window ?? 512,
    chat: document.run.chat ?? false,
  };
  return [{ ...subject, title, texts: [], notes: [], samples: [sample] }, options, document.model.path];
}

export function panelTitle(title: string): string {
  return `Activations: ${title}`;
}
