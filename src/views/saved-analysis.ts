import type * as vscode from "vscode";

import type { App } from "../editor/app";
import type { AnalysisDocument } from "../engine/document/document";
import { explanation } from "./analysis-panel";
import type { AnalysisState, FromAnalysisView, ToAnalysisView } from "../pages/analysis";
import type { Analyzing } from "./analysis-run";
import { AsShown } from "./as-shown";
import { thresholdChoice } from "./choices";
import { FullProfile } from "./full-profile";
import type { ErrorState } from "../pages/run";
import type { SavedFile, SavedPage } from "./saved-page";
import { StateView } from "./state-view";
import { answerCommonMessage } from "./view-messages";

/** A saved analysis, as its panel showed it. */
export class SavedAnalysis implements SavedPage<AnalysisDocument> {
  #state: AnalysisState = { phase: "empty" };
  readonly #shown = new AsShown<AnalysisDocument>();
  readonly #page: StateView<ToAnalysisView, FromAnalysisView>;
  readonly #profile: FullProfile;

  constructor(
    private readonly app: App,
    private readonly panel: vscode.WebviewPanel,
    private readonly file: SavedFile,
  ) {
    this.#profile = new FullProfile(app, (profile) => this.#page.post({ type: "profile", profile }));
    panel.onDidDispose(() => this.#profile.close());
    this.#page = new StateView(panel, app.context.extensionUri, "analysis", {
      ready: () => this.#post(),
      receive: (message) => void this.#receive(message),
    });
  }

  get document(): AnalysisDocument | undefined {
    return this.#state.phase === "done" ? this.#shown.of(this.#state.document) : undefined;
  }

  show(document: AnalysisDocument): void {
    this.#profile.close();
    this.#shown.choose(undefined);
    const decorated = this.app.decorations.shows(document);
    this.#show({ phase: "done", title: this.file.name, document, saved: true, decorated });
  }

  fail(error: ErrorState): void {
    this.#profile.close();
    this.#show(error);
  }

  dispose(): void {
    this.#profile.close();
    this.#page.dispose();
  }

  #show(state: AnalysisState): void {
    this.#state = state;
    this.#post();
  }

  #post(): void {
    this.#page.post({ type: "state", state: this.#state });
    if (this.#profile.state) this.#page.post({ type: "profile", profile: this.#profile.state });
  }

  async #receive(message: FromAnalysisView): Promise<void> {
    const { document } = this;
    switch (message.type) {
      case "ready":
      case "cancel":
        break;
      case "tryAgain":
        await this.file.draw();
        break;
      case "runAgain":
        await this.app.analyses.run({ ...this.#texts(), options: message.options });
        break;
      case "explain":
        if (document)
          await this.app.analyses.run(explanation(document, { origins: [] }, message.sample, message.token));
        break;
      case "toggleDecorations":
        this.#toggleDecorations();
        break;
      case "chooseThreshold":
        this.#shown.choose(thresholdChoice(message));
        break;
      case "openProfile":
        if (document) await this.#profile.open(document, message.layer, message.matrix);
        break;
      case "cancelProfile":
        this.#profile.cancel();
        break;
      default:
        await answerCommonMessage(this.app, message, {
          document,
          samples: document?.samples ?? [],
          title: this.file.title,
          origins: [],
          column: this.panel.viewColumn,
        });
    }
  }

  #toggleDecorations(): void {
    if (this.#state.phase !== "done") return;
    const { decorations } = this.app;
    if (this.#state.decorated) decorations.clear();
    else decorations.show(this.#state.document, []);
    this.#show({ ...this.#state, decorated: decorations.shows(this.#state.document) });
  }

  /** What is run again: the texts of the file's samples. A text that was cut comes as its pieces. */
  #texts(): Analyzing {
    const texts = (this.document?.samples ?? []).map(({ source, text }) => ({ source, text }));
    return { title: this.file.title, texts, notes: [], origins: [] };
  }
}
