import { html, nothing, type TemplateResult } from "lit";
import type { PatchingDocument } from "../../src/engine/document/document";
import type { FromResultView } from "../../src/views/result-protocol";
import { ResultApp } from "../shared/result-app";
import type { Page } from "../shared/view-app";
import { gridMap, gridSection } from "./grid";
import { headSection } from "./head";
import type { Panel } from "./panel";
import { placeSection } from "./place";
import { firstView, type ViewState } from "./view-state";

/** The view of activation patching. */
export class PatchingApp extends ResultApp<PatchingDocument, ViewState> {
  constructor(page: Page<FromResultView>) {
    super(page, firstView);
  }

  /** Escape: from the next tokens of one place back to the heat map. */
  override back(): boolean {
    if (!this.view.opened) return false;
    this.change({ opened: false });
    this.focusOn(gridMap);
    return true;
  }

  protected override finished(panel: Panel): TemplateResult {
    return html`${headSection(panel)} ${gridSection(panel)} ${panel.view.opened ? placeSection(panel) : nothing}`;
  }
}
