import type { TemplateResult } from "lit";
import type { CommonRequest, ErrorState, StateMessage } from "../../src/views/run-protocol";
import type { Phase, States } from "./follow-run";
import { restoredView } from "./restored-view";
import type { ResultPanel, ResultView } from "./result-panel";
import { errorMessage } from "./run-messages";
import { themeKind } from "./theme";
import { type Page, ViewApp } from "./view-app";

/** The view of a result, or of why there is none. */
export abstract class ResultApp<
  State extends States,
  To extends { readonly type: string },
  From extends { readonly type: string },
  View extends Pick<ResultView, "result" | "scroll">,
> extends ViewApp<To | StateMessage<State>, From | CommonRequest, View> {
  #state: State | undefined;

  constructor(page: Page<From | CommonRequest>, firstView: View) {
    super(page, restoredView(firstView, page.host.kept()));
  }

  /** What was tried, for a message that it did not work: `compared`. */
  protected abstract readonly tried: string;
  protected abstract finished(state: Phase<State, "done">): TemplateResult;
  /** What is said of what failed. */
  protected failed(state: ErrorState): TemplateResult {
    return errorMessage(state, this.tried, this.post);
  }

  /** What tells one result from another. */
  protected abstract identify(state: Phase<State, "done">): string;
  /** The view for a result: `this.view` where it is the same one. */
  protected abstract viewOf(result: string, state: Phase<State, "done">): View;

  /** What every part of a result draws from. */
  protected panelOf<Document>({
    title,
    document,
    saved,
  }: {
    readonly title: string;
    readonly document: Document;
    readonly saved: boolean;
  }): ResultPanel<Document, View, From> {
    const { view, width, change, post } = this;
    return { title, document, saved, view, theme: themeKind(), width, change, focus: this.focusOn, post };
  }

  protected get done(): Phase<State, "done"> | undefined {
    return this.#state?.phase === "done" ? (this.#state as Phase<State, "done">) : undefined;
  }

  /** The state after a message. */
  protected follow(state: State | undefined, message: To | StateMessage<State>): State | undefined {
    return message.type === "state" ? (message as StateMessage<State>).state : state;
  }

  override receive(message: To | StateMessage<State>): void {
    this.#state = this.follow(this.#state, message);
    if (message.type === "state") this.#arrived();
    this.draw();
  }

  #arrived(): void {
    const { done } = this;
    if (!done) return;
    const result = this.identify(done);
    const isNew = result !== this.view.result;
    this.showView(this.viewOf(result, done));
    if (!isNew) this.restoreScroll();
  }

  protected override content(): TemplateResult | undefined {
    return this.#state && this.contentOf(this.#state);
  }

  protected contentOf(state: State): TemplateResult | undefined {
    switch (state.phase) {
      case "error":
        return this.failed(state);
      case "done":
        return this.finished(state as Phase<State, "done">);
      default:
        return undefined;
    }
  }
}
