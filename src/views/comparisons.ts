import type { App } from "../editor/app";
import type { Subject } from "../editor/texts";
import type { ComparisonDocument } from "../engine/document/document";
import { type Comparing, ComparisonPanel, comparisonTitle, panelTitle } from "./comparison-panel";
import { ResultPanels } from "./result-panels";

/** All panels of comparisons: one per pair of subjects. */
export class Comparisons extends ResultPanels<ComparisonDocument, ComparisonPanel> {
  constructor(app: () => App) {
    super(app, {
      viewType: "paramscope.comparison",
      format: "paramscope.comparison",
      titleOf: panelTitle,
      create: (app, panel) => new ComparisonPanel(app, panel),
    });
  }

  async compare(a: Subject, b: Subject, how: Pick<Comparing, "options" | "modelPath"> = {}): Promise<void> {
    await this.open(comparisonTitle(a, b)).compare({ a, b, ...how });
  }
}
