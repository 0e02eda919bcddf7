import type { TemplateResult } from "lit";
import type { CommonRequest, RunMessage } from "../../src/pages/run";
import { Drawing } from "./drawing";
import { followRun, isIn, isOfRun, type Phase } from "./follow-run";
import type { Host } from "./host";
import type { Page, PageState, Stage } from "./page";
import { type PageView, viewOfResult } from "./page-view";
import { restoredView } from "./restored-view";
import { errorMessage, interruptedMessage } from "./run-messages";
import { themeKind } from "./theme";

/** State in, drawing out: follows the extension's messages and draws, once a frame, what a page makes of them. */
export class PageRunner<
  State extends PageState,
  From,
  View extends PageView,
  Told,
  To extends { readonly type: string },
> {
  readonly #page: Page<State, From, View, Told, To>;
  readonly #host: Host<From | CommonRequest>;
  readonly #drawing: Drawing;
  #state: State | undefined;
  #view: View;
  #told: Told | undefined;
  /** The view came with a document, and nothing was changed in it. */
  #isForeign = false;

  constructor(page: Page<State, From, View, Told, To>, host: Host<From | CommonRequest>, root: HTMLElement) {
    this.#page = page;
    this.#host = host;
    this.#drawing = new Drawing(root, () => this.#content());
    this.#view = restoredView(page.firstView, host.kept());
  }

  receive(message: To | RunMessage<State, unknown>): void {
    if (isOfRun<State, To>(message)) this.#state = followRun(this.#state, message);
    const now = { view: this.#view, told: this.#told };
    const { view, told } = this.#page.receive?.(now, message) ?? now;
    this.#told = told;
    if (view !== this.#view) this.#show(view);
    if (message.type === "state" && isIn(this.#state, "done")) this.#arrived(this.#state);
    this.#drawing.draw();
    this.#ask();
  }

  /** Escape: one step back, if there is one. */
  back(): boolean {
    return isIn(this.#state, "done") && (this.#page.back?.(this.#stage()) ?? false);
  }

  resize(width: number): void {
    this.#drawing.resize(width);
  }

  scrolled(scroll: number): void {
    this.#show({ ...this.#view, scroll });
  }

  readonly draw = (): void => this.#drawing.draw();

  readonly #post = (message: From | CommonRequest): void => this.#host.post(message);

  /** Draws at once, so that the next key finds what this one did; pointers come once a frame anyway. */
  readonly #change = (change: Partial<View>): void => {
    this.#isForeign = false;
    this.#show({ ...this.#view, ...change });
    this.#drawing.drawNow();
    this.#ask();
  };

  /** Takes another view, to be drawn with what it belongs to. */
  #show(view: View): void {
    const before = this.#view;
    this.#view = view;
    this.#host.keep(view);
    this.#tellChoice(before);
  }

  #arrived({ title, document }: Phase<State, "done">): void {
    const { model, run } = document;
    const result = JSON.stringify([title, model.hash, run.seconds, ...(this.#page.identify?.(document) ?? [])]);
    const isNew = result !== this.#view.result;
    // as it was when it was saved, or shown last
    this.#isForeign = isNew && document.view !== undefined;
    this.#show(this.#isForeign ? this.#restored(document.view, result) : viewOfResult(this.#page, result, this.#view));
    if (isNew && !this.#isForeign) return;
    // to where the view was, once it is drawn
    requestAnimationFrame(() => requestAnimationFrame(() => window.scrollTo(0, this.#view.scroll)));
    // the extension forgets what was chosen with every state, and knows nothing of it after a reload
    if (!isNew) this.#tellChoice(this.#page.firstView);
  }

  #restored(kept: unknown, result: string): View {
    const view = restoredView(this.#page.firstView, kept);
    return { ...(this.#page.mended?.(view) ?? view), result };
  }

  /** A view that came with a file may speak of what its document does not have: then the first one is shown. */
  #finished(state: Phase<State, "done">): TemplateResult {
    const { finished, firstView } = this.#page;
    try {
      return finished({ ...this.#stage(), ...state }, this.#told);
    } catch (error) {
      if (!this.#isForeign) throw error;
      this.#isForeign = false;
      this.#show({ ...firstView, result: this.#view.result });
      return finished({ ...this.#stage(), ...state }, this.#told);
    }
  }

  /** Says what is chosen where another was told, or none. */
  #tellChoice(told: View): void {
    const choice = this.#page.choice?.(this.#view);
    if (choice && JSON.stringify(choice) !== JSON.stringify(this.#page.choice?.(told))) this.#post(choice);
  }

  #ask(): void {
    if (this.#state === undefined) return;
    const asked = this.#page.ask?.({ view: this.#view, told: this.#told });
    if (!asked) return;
    this.#told = asked.told;
    if (asked.request !== undefined) this.#post(asked.request);
  }

  #stage(): Stage<View, From> {
    const { width, focusOn: focus } = this.#drawing;
    const { inEditor } = this.#host;
    return { view: this.#view, inEditor, theme: themeKind(), width, change: this.#change, focus, post: this.#post };
  }

  #content(): TemplateResult | undefined {
    const { failed, run, tried } = this.#page;
    const state = this.#state;
    if (isIn(state, "done")) return this.#finished(state);
    const stage = this.#stage();
    if (isIn(state, "error")) {
      const message = errorMessage(state, tried, this.#post);
      return failed ? failed(message, state, stage, this.#told) : message;
    }
    if (isIn(state, "interrupted")) return interruptedMessage(state, this.#post);
    if (isIn(state, "running")) return run?.running(state, stage, this.#told);
    if (isIn(state, "cancelled")) return run?.cancelled(state, stage, this.#told);
    return state && run?.empty(stage, this.#told);
  }
}
