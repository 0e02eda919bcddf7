import { html, type TemplateResult } from "lit";
import type { ComparisonDocument } from "../../src/engine/document/document";
import { swapSides } from "../../src/engine/document/swap-sides";
import type {
  ComparisonState,
  FromComparisonView,
  StreamedComparisonLayer,
  ToComparisonView,
} from "../../src/pages/comparison";
import { type Phase, RunApp } from "../shared/run-app";
import { button } from "../shared/controls";
import { goneMessage } from "../shared/run-messages";
import type { Around } from "../shared/run-page";
import type { Page } from "../shared/view-app";
import { curvesSection } from "./curves";
import { headSection } from "./head";
import { matricesSection } from "./matrices";
import { matrixSection } from "./matrix";
import { closeMatrix } from "./opening";
import type { Panel } from "./panel";
import { partingSection } from "./parting";
import { cancelledSection, runningSection } from "./running";
import { textsSection } from "./texts";
import { firstView, type ViewState, viewOf } from "./view-state";

/** The view of one comparison. */
export class ComparisonApp extends RunApp<
  ComparisonState,
  StreamedComparisonLayer,
  ToComparisonView,
  FromComparisonView,
  ViewState
> {
  protected readonly tried = "compared";
  protected override readonly choice = ({ swapped }: ViewState): FromComparisonView => ({
    type: "chooseSides",
    swapped,
  });
  #swapped: { of: ComparisonDocument; document: ComparisonDocument } | undefined;

  constructor(page: Page<FromComparisonView>) {
    super(page, firstView);
  }

  /** Escape: from one matrix back to the heat map. */
  override back(): boolean {
    if (!this.done || !this.view.opened) return false;
    closeMatrix({ change: this.change, focus: this.focusOn });
    return true;
  }

  protected empty(): TemplateResult {
    return goneMessage(
      "This comparison is not there any more",
      "To compare two texts, select two files in the explorer and choose Compare activations of selected, or mark a selection as prompt A and compare another with it.",
      button("Compare two results", () => this.post({ type: "compareResults" }), { primary: true }),
    );
  }

  protected running(state: Phase<ComparisonState, "running">): TemplateResult {
    return runningSection(state, this.#around);
  }

  protected cancelled(state: Phase<ComparisonState, "cancelled">): TemplateResult {
    return cancelledSection(state, this.#around);
  }

  protected finished(state: Phase<ComparisonState, "done">): TemplateResult {
    return finished({
      ...this.panelOf(state),
      document: this.view.swapped ? this.#swappedOf(state.document) : state.document,
    });
  }

  protected identify({ document, title }: Phase<ComparisonState, "done">): string {
    const { model, run, target, relevance } = document;
    return JSON.stringify([title, model.hash, target, run.seconds, relevance]);
  }

  protected viewOf(result: string): ViewState {
    return viewOf(result, this.view);
  }

  get #around(): Around {
    return this.around(this.view.row, (row) => this.change({ row }));
  }

  #swappedOf(document: ComparisonDocument): ComparisonDocument {
    if (this.#swapped?.of !== document) this.#swapped = { of: document, document: swapSides(document) };
    return this.#swapped.document;
  }
}

function finished(panel: Panel): TemplateResult {
  return html`${headSection(panel)} ${curvesSection(panel)} ${partingSection(panel)}
  ${panel.view.opened ? matrixSection(panel) : matricesSection(panel)} ${textsSection(panel)}`;
}
