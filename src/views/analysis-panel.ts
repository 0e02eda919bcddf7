import type * as vscode from "vscode";

import type { App } from "../editor/app";
import type { AnalysisDocument } from "../engine/document/document";
import { defaults } from "../engine/run/defaults";
import type { AnalysisState, FromAnalysisView, StreamedLayer } from "../pages/analysis";
import type { AnalysisTypes, Analyzing } from "./analysis-run";
import { FullProfile } from "./full-profile";
import { analysisKind } from "./panel-kinds";
import type { ResultEntry } from "./results-store";
import { RunPanel } from "./run-panel";
import type { RunMessage } from "../pages/run";

/** One panel with one analysis: beside what every panel does, full profiles, tints in the editor and explained tokens. */
export class AnalysisPanel extends RunPanel<AnalysisTypes> {
  readonly #profile: FullProfile;

  constructor(app: App, panel: vscode.WebviewPanel) {
    super(app, panel, analysisKind);
    this.#profile = new FullProfile(app, (profile) => this.page.post({ type: "profile", profile }));
    panel.onDidDispose(() => this.#profile.close());
  }

  override async start(asked: Analyzing): Promise<AnalysisDocument | undefined> {
    this.#profile.close();
    const document = await super.start(asked);
    if (document && this.app.decorations.isOn) this.#decorate();
    return document;
  }

  override show(document: AnalysisDocument, entry: ResultEntry): void {
    this.#profile.close();
    super.show(document, entry);
  }

  toggleDecorations(): void {
    const { state } = this.run;
    if (state.phase === "done") this.setDecorated(!state.decorated);
  }

  /** Tints the tokens of the result in their editor, or does so no more. */
  setDecorated(isOn: boolean): void {
    const { state } = this.run;
    if (state.phase !== "done" || state.decorated === isOn) return;
    if (isOn) this.#decorate();
    else this.app.decorations.clear();
    this.refreshDecorated();
  }

  /** Tells the page whether its tokens are tinted in the editor, when that has changed. */
  refreshDecorated(): void {
    const { state } = this.run;
    if (state.phase !== "done") return;
    const decorated = this.app.decorations.shows(state.document);
    if (decorated !== state.decorated) this.run.show({ ...state, decorated });
  }

  /** The state's own document, by which it is known whose tints they are. */
  #decorate(): void {
    const { state } = this.run;
    if (state.phase !== "done") return;
    this.app.decorations.show(state.document, this.origins);
    this.refreshDecorated();
  }

  protected override post(message: RunMessage<AnalysisState, StreamedLayer>): void {
    super.post(message);
    if (message.type === "state" && this.#profile.state)
      this.page.post({ type: "profile", profile: this.#profile.state });
  }

  protected override async receive(message: FromAnalysisView): Promise<void> {
    const { document, asked } = this;
    switch (message.type) {
      case "explain":
        // In a panel of its own: this one is what is explained.
        if (document && asked) await this.app.analyses.run(explanation(document, asked, message.sample, message.token));
        break;
      case "toggleDecorations":
        this.toggleDecorations();
        break;
      case "openProfile":
        if (document) await this.#profile.open(document, message.layer, message.matrix);
        break;
      case "cancelProfile":
        this.#profile.cancel();
        break;
      default:
        await super.receive(message);
    }
  }
}

/** What is asked for to explain a token: its sample again, with the token as what is predicted. */
export function explanation(
  document: AnalysisDocument,
  { origins }: Pick<Analyzing, "origins">,
  sampleIndex: number,
  token: number,
): Analyzing {
  const sample = document.samples[sampleIndex];
  const { mode, share, tau } = document.threshold;
  return {
    title: `${sample.source}: ${JSON.stringify(sample.tokens[token].text)}`,
    texts: [],
    notes: [],
    origins,
    samples: [sample],
    options: {
      target: `next-token:${token}`,
      threshold: mode === "share" ? { mode, share } : { mode, tau },
      window: document.run.window ?? defaults.window,
      chat: document.run.chat ?? defaults.chat,
    },
    model: document.model,
  };
}
