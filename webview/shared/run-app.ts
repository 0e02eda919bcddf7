import type { TemplateResult } from "lit";
import type { CommonRequest, ErrorState, RunMessage } from "../../src/views/run-protocol";
import { followRun, type Phase, type States } from "./follow-run";
import { restoredView } from "./restored-view";
import type { ResultPanel, ResultView } from "./result-panel";
import { errorMessage, interruptedMessage } from "./run-messages";
import type { Around } from "./run-page";
import { themeKind } from "./theme";
import { type Page, ViewApp } from "./view-app";

export type { Phase };

/** The view of a run, from its start to its result: follows the extension's messages and shows the phase that it is in. */
export abstract class RunApp<
  State extends States,
  Layer,
  To extends { readonly type: string },
  From extends { readonly type: string },
  View extends Pick<ResultView, "result" | "scroll">,
> extends ViewApp<To | RunMessage<State, Layer>, From | CommonRequest, View> {
  #state: State | undefined;

  constructor(page: Page<From | CommonRequest>, firstView: View) {
    super(page, restoredView(firstView, page.host.kept()));
  }

  /** What was tried, for a message that it did not work: `compared`. */
  protected abstract readonly tried: string;
  protected abstract empty(): TemplateResult;
  protected abstract running(state: Phase<State, "running">): TemplateResult;
  protected abstract cancelled(state: Phase<State, "cancelled">): TemplateResult;
  protected abstract finished(state: Phase<State, "done">): TemplateResult;
  /** What is said of a run that failed. */
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

  /** What the layers that are there are drawn with, standing on one of them. */
  protected around(at: number, onMove: (layer: number) => void): Around {
    return { post: this.post, width: this.width, at, onMove };
  }

  protected get done(): Phase<State, "done"> | undefined {
    return this.#state?.phase === "done" ? (this.#state as Phase<State, "done">) : undefined;
  }

  override receive(message: To | RunMessage<State, Layer>): void {
    this.#state = followRun(this.#state, message as RunMessage<State, Layer>);
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
    const state = this.#state;
    switch (state?.phase) {
      case undefined:
        return undefined;
      case "empty":
        return this.empty();
      case "running":
        return this.running(state as Phase<State, "running">);
      case "cancelled":
        return this.cancelled(state as Phase<State, "cancelled">);
      case "interrupted":
        return interruptedMessage(state, this.post);
      case "error":
        return this.failed(state);
      case "done":
        return this.finished(state as Phase<State, "done">);
    }
  }
}
