import type { TemplateResult } from "lit";
import type { CommonRequest, ErrorState, StateMessage } from "../../src/pages/run";
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
  readonly #firstView: View;

  constructor(page: Page<From | CommonRequest>, firstView: View) {
    super(page, restoredView(firstView, page.host.kept()));
    this.#firstView = firstView;
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
  /** What the extension is told of the view, since what it saves and exports is what is shown; nothing for most kinds. */
  protected readonly choice?: (view: View) => From;

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
    const { view, inEditor, width, change, post } = this;
    return { title, document, saved, inEditor, view, theme: themeKind(), width, change, focus: this.focusOn, post };
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

  protected override showView(view: View): void {
    const before = this.view;
    super.showView(view);
    this.#tellChoice(before);
  }

  #arrived(): void {
    const { done } = this;
    if (!done) return;
    const result = this.identify(done);
    const isNew = result !== this.view.result;
    this.showView(this.viewOf(result, done));
    if (isNew) return;
    this.restoreScroll();
    // the extension forgets what was chosen with every state, and knows nothing of it after a reload
    this.#tellChoice(this.#firstView);
  }

  /** Where another was told, or none. */
  #tellChoice(told: View): void {
    const choice = this.choice?.(this.view);
    if (choice && JSON.stringify(choice) !== JSON.stringify(this.choice?.(told))) this.post(choice);
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
