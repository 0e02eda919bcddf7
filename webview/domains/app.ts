import { html, type TemplateResult } from "lit";
import type { DomainsDocument } from "../../src/engine/document/document";
import type { FromResultView } from "../../src/views/result-protocol";
import { ResultApp } from "../shared/result-app";
import type { Page } from "../shared/view-app";
import { densitySection } from "./density";
import { headSection } from "./head";
import { layersSection } from "./layers";
import { neuronsSection } from "./neurons";
import type { Panel } from "./panel";
import { relevanceSection } from "./relevance";
import { firstView, type ViewState } from "./view-state";

/** The view of a comparison of domains. */
export class DomainsApp extends ResultApp<DomainsDocument, ViewState> {
  constructor(page: Page<FromResultView>) {
    super(page, firstView);
  }

  protected override finished(panel: Panel): TemplateResult {
    return html`${headSection(panel)} ${layersSection(panel)} ${relevanceSection(panel)} ${neuronsSection(panel)}
    ${densitySection(panel)}`;
  }
}
