import * as vscode from "vscode";

import type { App } from "../editor/app";
import { AnalysisPanel } from "./analysis-panel";
import type { AnalysisTypes } from "./analysis-run";
import { analysisKind } from "./panel-kinds";
import { RunPanels } from "./run-panels";

/** All panels of analyses: what tells them from others is that their tokens can be tinted in the editor. */
export class AnalysisPanels extends RunPanels<AnalysisTypes, AnalysisPanel> {
  constructor(app: () => App) {
    super(app, analysisKind, (app, panel) => new AnalysisPanel(app, panel));
  }

  /** The analysis that was last in use. */
  get active(): AnalysisPanel | undefined {
    return this.app().shown.last((shown) => shown instanceof AnalysisPanel);
  }

  refreshDecorated(): void {
    for (const panel of this.panels) panel.refreshDecorated();
  }

  override register(): vscode.Disposable {
    return vscode.Disposable.from(
      super.register(),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("paramscope.decorations"))
          this.active?.setDecorated(this.app().decorations.isOn);
      }),
    );
  }
}
