import type * as vscode from "vscode";

import { showFailure } from "../editor/failure";
import type { Origin } from "../kinds/asked";
import type { Companion, Kind, KindTypes, Shown } from "../kinds/kind";
import type { CommonRequest, RunMessage, RunState, StreamedLayer } from "../pages/run";
import type { App } from "./app";
import { AsShown } from "./as-shown";
import { answerCommonMessage, type CommonMessage } from "./common-messages";
import { StateView } from "./state-view";

/** The states of a kind's run. */
export type StateOf<T extends KindTypes> = RunState<T["document"], StreamedLayer<T["figure"]>, T["about"]>;

/** What a kind's page is told. */
export type MessageTo<T extends KindTypes> = RunMessage<StateOf<T>, StreamedLayer<T["figure"]>>;

/** What whoever shows a page answers itself, whatever is in it. */
export type OwnRequest<T extends KindTypes> =
  Extract<CommonRequest, { type: "cancel" | "tryAgain" }> | Extract<T["from"], { readonly type: "runAgain" }>;

/** Where a page is shown: a panel with a run, or the editor of a saved file. */
export interface PagePlace<T extends KindTypes> {
  readonly panel: vscode.WebviewPanel;
  state(): StateOf<T>;
  /** The result's, in the user's words. */
  title(): string;
  origins(): readonly Origin[];
  /** What was asked for, where the result was made in this window. */
  asked?(): T["asked"] | undefined;
  answer(message: OwnRequest<T>): Promise<void>;
  /** Keeps what the user is looking at with the result, where there is a place for that. */
  keep?(view: unknown): void;
  /** Keeps the document with what was measured since, where there is a place for that. */
  complete?(document: T["document"]): void;
}

/** The host's side of the page of one kind: its state, what the user chose in it, and the answers to what it asks for. */
export class KindPage<T extends KindTypes> {
  readonly #app: App;
  readonly #kind: Kind<T>;
  readonly #place: PagePlace<T>;
  readonly #view: StateView<MessageTo<T> | T["more"], T["from"]>;
  readonly #companion: Companion<T> | undefined;
  readonly #closing: vscode.Disposable;
  readonly #asShown = new AsShown<T["document"]>();
  /** What the user is looking at in the document that is shown, once the page has said so. */
  #viewed: unknown;

  constructor(app: App, kind: Kind<T>, place: PagePlace<T>) {
    this.#app = app;
    this.#kind = kind;
    this.#place = place;
    this.#view = new StateView(place.panel, app.context.extensionUri, kind.page, {
      ready: () => this.#tellAll(),
      receive: (message) => void this.#receive(message),
    });
    const post = (message: T["more"]): void => this.#view.post(message);
    this.#companion = kind.companion?.({ shown: () => this.shown, post, grown: () => this.#keepGrown() }, app);
    this.#closing = place.panel.onDidDispose(() => this.#companion?.close());
  }

  get shown(): Shown<T> {
    const state = this.#place.state();
    const result = state.phase === "done" ? state.document : undefined;
    return {
      result,
      document: result && this.#asShown.of(result),
      title: this.#place.title(),
      origins: this.#place.origins(),
      asked: this.#place.asked?.(),
    };
  }

  /** Tells the page what happens; the state of the place is told again whenever the page is shown. */
  tell(message: MessageTo<T>): void {
    if (message.type !== "state") {
      this.#view.post(message);
      return;
    }
    this.#companion?.changing();
    this.#asShown.choose(undefined);
    this.#viewed = undefined;
    this.#tellAll();
  }

  /** Says that a run ended with the document that is shown. */
  ended(): void {
    this.#companion?.ended?.();
  }

  /** Leaves the panel to another page. */
  dispose(): void {
    this.#closing.dispose();
    this.#companion?.close();
    this.#view.dispose();
  }

  #tellAll(): void {
    this.#view.post({ type: "state", state: this.#place.state() });
    this.#companion?.told();
  }

  async #receive(message: T["from"] | CommonRequest): Promise<void> {
    if (message.type === "keep") {
      this.#viewed = (message as Extract<CommonRequest, { type: "keep" }>).view;
      this.#place.keep?.(this.#viewed);
      return;
    }
    const choice = this.#kind.choice?.(message);
    if (choice) {
      this.#asShown.choose(choice);
      return;
    }
    try {
      await this.#answer(message);
    } catch (error) {
      void showFailure(error, this.#app.log);
    }
  }

  async #answer(message: T["from"]): Promise<void> {
    switch (message.type) {
      case "ready":
        return;
      case "cancel":
      case "tryAgain":
      case "runAgain":
        return await this.#place.answer(message as OwnRequest<T>);
    }
    if (await this.#companion?.answer(message)) return;
    const { shown } = this;
    if (await this.#kind.answer?.(message, shown, this.#app)) return;
    const samples = shown.document && this.#kind.samples?.(shown.document, message);
    const column = this.#place.panel.viewColumn;
    // What is left is what all pages ask for.
    const common = message as CommonMessage;
    const document = common.type === "save" ? this.#toSave(shown.document) : shown.document;
    await answerCommonMessage(common, { ...shown, document, samples: samples ?? [], column });
  }

  /** As the run made it, with what was measured since: what was chosen is kept with the view. */
  #keepGrown(): void {
    const { result } = this.shown;
    const completed = result && this.#companion?.completed?.(result);
    if (completed) this.#place.complete?.(completed);
  }

  /** A document that is saved: with what the page was told of it since, and what the user is looking at. */
  #toSave(document: T["document"] | undefined): T["document"] | undefined {
    const completed = document && (this.#companion?.completed?.(document) ?? document);
    return completed && this.#viewed !== undefined && this.#asShown.keepsView
      ? { ...completed, view: this.#viewed }
      : completed;
  }
}
