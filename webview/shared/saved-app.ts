import type { TemplateResult } from "lit";
import type { ParamscopeDocument } from "../../src/engine/document/document";
import type { CommonRequest, ResultState, StateMessage } from "../../src/pages/run";
import type { Phase } from "./follow-run";
import { ResultApp } from "./result-app";
import type { ResultPanel, ResultView } from "./result-panel";
import { type Page, startView } from "./view-app";

/** What a page of a saved result keeps. */
interface SavedView extends ResultView {
  /** Charts that are shown as tables. */
  readonly tables: readonly string[];
}

/** What every part of a result that is only read from files draws from. */
export type SavedPanel<Document, View> = ResultPanel<Document, View, CommonRequest>;

type Finished<Document, View> = (panel: SavedPanel<Document, View>) => TemplateResult;

/** The view of a kind of results that is only read from files, never run. */
class SavedApp<Document extends ParamscopeDocument, View extends SavedView> extends ResultApp<
  ResultState<Document>,
  StateMessage<ResultState<Document>>,
  CommonRequest,
  View
> {
  protected readonly tried = "read";

  constructor(
    page: Page<CommonRequest>,
    private readonly firstView: View,
    private readonly draws: Finished<Document, View>,
  ) {
    super(page, firstView);
  }

  protected finished(state: Phase<ResultState<Document>, "done">): TemplateResult {
    return this.draws(this.panelOf(state));
  }

  protected identify({ document, title }: Phase<ResultState<Document>, "done">): string {
    return JSON.stringify([title, document.model.hash, document.run.seconds]);
  }

  protected viewOf(result: string): View {
    return result === this.view.result ? this.view : { ...this.firstView, result, tables: this.view.tables };
  }
}

/** Starts the page of a kind of results that is only read from files. */
export function startSavedView<Document extends ParamscopeDocument, View extends SavedView>(
  firstView: View,
  finished: Finished<Document, View>,
): void {
  startView<StateMessage<ResultState<Document>>, CommonRequest, View>(
    (page) => new SavedApp(page, firstView, finished),
    {
      type: "ready",
    },
  );
}
