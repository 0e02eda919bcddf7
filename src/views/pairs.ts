import type { App } from "../editor/app";
import type { PairsDocument } from "../engine/document/document";
import { type AskedPairs, PairsPanel, panelTitle } from "./pairs-panel";
import { ResultPanels } from "./result-panels";

/** All panels of sentence pairs: one per table. */
export class Pairs extends ResultPanels<PairsDocument, PairsPanel> {
  constructor(app: () => App) {
    super(app, {
      viewType: "paramscope.pairs",
      format: "paramscope.pairs",
      titleOf: panelTitle,
      create: (app, panel) => new PairsPanel(app, panel),
    });
  }

  async compare(asked: AskedPairs): Promise<void> {
    await this.open(asked.title).compare(asked);
  }
}
