import { html, type TemplateResult } from "lit";
import type { DomainsState, FromDomainsView, StreamedDomainsLayer, ToDomainsView } from "../../src/pages/domains";
import { button } from "../shared/controls";
import { type Phase, RunApp } from "../shared/run-app";
import { goneMessage } from "../shared/run-messages";
import type { Around } from "../shared/run-page";
import type { Page } from "../shared/view-app";
import { densitySection } from "./density";
import { headSection } from "./head";
import { layersSection } from "./layers";
import { neuronsSection } from "./neurons";
import { overlapSection } from "./overlap";
import type { Panel } from "./panel";
import { relevanceSection } from "./relevance";
import { cancelledSection, runningSection } from "./running";
import { firstView, type ViewState } from "./view-state";

/** The view of a comparison of domains. */
export class DomainsApp extends RunApp<DomainsState, StreamedDomainsLayer, ToDomainsView, FromDomainsView, ViewState> {
  protected readonly tried = "compared";

  constructor(page: Page<FromDomainsView>) {
    super(page, firstView);
  }

  protected empty(): TemplateResult {
    return goneMessage(
      "This comparison of folders is not there any more",
      "To make it again, select the folders in the explorer and choose Compare folders, or choose them here.",
      button("Compare folders", () => this.post({ type: "compareFolders" }), { primary: true }),
    );
  }

  protected running(state: Phase<DomainsState, "running">): TemplateResult {
    return runningSection(state, this.#around);
  }

  protected cancelled(state: Phase<DomainsState, "cancelled">): TemplateResult {
    return cancelledSection(state, this.#around);
  }

  protected finished(state: Phase<DomainsState, "done">): TemplateResult {
    return finished(this.panelOf(state));
  }

  protected identify({ document, title }: Phase<DomainsState, "done">): string {
    const { model, run, target, domains } = document;
    return JSON.stringify([title, model.hash, target, domains.map(({ name }) => name), run.seconds]);
  }

  protected viewOf(result: string): ViewState {
    if (result === this.view.result) return this.view;
    const { contrast, tables } = this.view;
    return { ...firstView, result, contrast, tables };
  }

  get #around(): Around {
    return this.around(this.view.layer, (layer) => this.change({ layer }));
  }
}

function finished(panel: Panel): TemplateResult {
  return html`${headSection(panel)} ${layersSection(panel)} ${relevanceSection(panel)} ${overlapSection(panel)}
  ${neuronsSection(panel)} ${densitySection(panel)}`;
}
