import type { TemplateResult } from "lit";
import type { ResultDocument } from "../../src/engine/document/document";
import type { CommonRequest, ErrorState, ResultState, RunMessage, RunState } from "../../src/pages/run";
import type { ThemeKind } from "./colour-scale";
import type { Phase } from "./follow-run";
import type { PageView } from "./page-view";

/** What a page draws with, whatever phase its run is in. */
export interface Stage<View, From> {
  readonly view: View;
  /** Whether an editor is there: without one, only what a page can do by itself is offered. */
  readonly inEditor: boolean;
  readonly theme: ThemeKind;
  /** The width of the content, in pixels. */
  readonly width: number;
  /** Changes what the user is looking at, and draws it at once. */
  readonly change: (change: Partial<View>) => void;
  /** Moves the focus to the element with this id, or to the first thing in it that takes the focus, once it is drawn. */
  readonly focus: (id: string) => void;
  readonly post: (message: From) => void;
}

/** The states that a page of results goes through. */
export type PageState = RunState<Pick<ResultDocument, "model" | "run" | "view">, unknown>;

/** The phases of a page whose kind of results is run, before there is a result. */
export interface RunPhases<State extends PageState, From, View, Told> {
  /** Before there was a run, or where its result is gone. */
  readonly empty: (stage: Stage<View, From>, told: Told | undefined) => TemplateResult;
  readonly running: (
    state: Phase<State, "running">,
    stage: Stage<View, From>,
    told: Told | undefined,
  ) => TemplateResult;
  readonly cancelled: (
    state: Phase<State, "cancelled">,
    stage: Stage<View, From>,
    told: Told | undefined,
  ) => TemplateResult;
}

/** What the user is looking at, and what the extension has told besides the run: undefined before it has told anything. */
export interface Moment<View, Told> {
  readonly view: View;
  readonly told: Told | undefined;
}

/**
 * A page as a value: what is drawn of each state, and what is kept of its view. `startPage` runs it.
 * @template State of its run or its saved result.
 * @template From what it may ask of the extension.
 * @template View what the user is looking at, which VS Code keeps while the page is hidden and over a reload of the window.
 * @template Told what it is told besides the run, where there is such a thing.
 * @template To the messages that tell it.
 */
export interface Page<
  State extends PageState,
  From,
  View extends PageView,
  Told = undefined,
  To extends { readonly type: string } = RunMessage<State, unknown>,
> {
  readonly firstView: View;
  /** What was tried, for a message that it did not work: `compared`. */
  readonly tried: string;
  /** Left out where results are only read from files. */
  readonly run?: RunPhases<State, From, View, Told>;
  readonly finished: (panel: Stage<View, From> & Phase<State, "done">, told: Told | undefined) => TemplateResult;
  /** What belongs beside the message of a run that failed; the message alone unless given. */
  readonly failed?: (
    message: TemplateResult,
    state: ErrorState,
    stage: Stage<View, From>,
    told: Told | undefined,
  ) => TemplateResult;
  /** What tells one result from another, besides its title, its model and how long it took. */
  readonly identify?: (document: Phase<State, "done">["document"]) => readonly unknown[];
  /** What another result keeps of the view, besides which charts are tables; nothing unless given. */
  readonly keep?: (view: View) => Partial<View>;
  /** A view that came with a document, of the same fields as the first, without what is none of this page's. */
  readonly mended?: (view: View) => View;
  /** What the extension is told of the view, since what it saves and exports is what is shown. */
  readonly choice?: (view: View) => From;
  /** Escape on a result: goes one step back, and says whether there was one. */
  readonly back?: (stage: Stage<View, From>) => boolean;
  /** The moment after a message, those of the run included. */
  readonly receive?: (now: Moment<View, Told>, message: To | RunMessage<State, unknown>) => Moment<View, Told>;
  /**
   * What the page asks of the extension by itself: tried after each message and each change of the view.
   * @returns undefined for nothing; else what counts as told meanwhile, and the request, if there is one.
   */
  readonly ask?: (
    now: Moment<View, Told>,
  ) => { readonly told: Told | undefined; readonly request: From | undefined } | undefined;
}

/** The page of a kind of results that is only read from files, never run. */
export type SavedPage<Document extends ResultDocument, View extends PageView> = Page<
  ResultState<Document>,
  CommonRequest,
  View
>;
