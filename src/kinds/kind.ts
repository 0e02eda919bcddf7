import type * as z from "zod";

import type { Estimate } from "../engine/api";
import type { AnalysisDocument, ResultDocument, SampleDescription } from "../engine/document/document";
import type { ResultTable } from "../format/result-table";
import type { ErrorState, RunProgress } from "../pages/run";
import type { ScoringClient } from "../wire/client";
import type { RunName, RunSettings } from "../wire/protocol";
import type { Asked, Origin, Parts, ResultModel } from "./asked";

/** The types that make one kind of results. */
export interface KindTypes {
  /** What the user asks for. */
  asked: Asked;
  document: ResultDocument;
  /** The names of what is known of a layer while the run is under way. */
  figure: string;
  /** What is said of the run, besides its title, before there is a result. */
  about: object;
  /** What the page asks for. */
  from: { readonly type: string };
  /** What the page is told besides the state of the run. */
  more: { readonly type: string };
}

/** One kind of results: its page, its words, how it is run, and what its page may ask for. Knows no editor. */
export interface Kind<T extends KindTypes = KindTypes> extends RunName<T["asked"], T["document"]> {
  readonly format: T["document"]["format"];
  /** The version of its documents that is written; earlier ones are read. 1 where it is not said. */
  readonly version?: number;
  /** The name of its page: `dist/webview/NAME.js`; panels that show it are of the type `paramscope.NAME`. */
  readonly page: string;
  /** The schema of its documents: loaded when one is read. */
  schema(): Promise<z.ZodType<T["document"]>>;
  /** What a result is of, where nobody has named it: `story.txt`, `a.txt and b.txt`. */
  heading(document: T["document"]): string;
  /** Every figure of a result that stands for one thing, for a spreadsheet. */
  table(document: T["document"]): ResultTable;
  /** The figures that a person reads; for most kinds the same. */
  readable(document: T["document"]): ResultTable;
  /** What a message says that the user chose of how the document is shown; undefined for messages that say nothing of it. */
  choice?(message: T["from"]): Choice<T["document"]> | undefined;
  /** The samples that a place is given in that the page asks to see in the editor. */
  samples?(document: T["document"], message: T["from"]): readonly SampleDescription[];
  /** Answers what the page asks for beyond what every page does; false for what it leaves to others. */
  answer?(message: T["from"], shown: Shown<T>, host: Host): Promise<boolean>;
  /** What a page has beside its document, for as long as it is shown. */
  companion?(page: ShownPage<T>, host: Host): Companion<T>;
  /** How it is run in the editor; undefined for what is made on the command line only. */
  readonly run?: Running<T>;
}

/** A kind whose results are made in the editor. */
export type RunnableKind<T extends KindTypes = KindTypes> = Kind<T> & { readonly run: Running<T> };

/** How a kind is run in the editor. */
export interface Running<T extends KindTypes> {
  /** What a result is called: `Comparison`. */
  readonly noun: string;
  /** What the title of a panel begins with, where that is another word: `Activations`. */
  readonly panel?: string;
  /** A codicon's name, in the history. */
  readonly icon: string;
  /** What is asked about, with its cost: `Compare a.txt and b.txt`. */
  question(title: string): string;
  /** Whether its samples are bounded by the settings, so that fewer of them may be offered where all take long. */
  readonly takesFewer?: boolean;
  /** The schema of what is asked for, by which it is read again after the window was closed. */
  asked(parts: Parts): z.ZodType<T["asked"]>;
  /** What is known of a layer while the run is under way. */
  readonly figures: readonly T["figure"][];
  /** What is said of the run, besides its title, before there is a result. */
  about(asked: T["asked"]): T["about"];
  /** What a result is about besides its texts: `max-logit`. */
  purpose(document: T["document"]): string;
  /**
   * What would have to be asked for to make a result again, for kinds that run again with other options.
   * @param isFile whether it is shown from a saved file, not from the history
   */
  askedOf?(document: T["document"], of: Pick<Asked, "title" | "origins">, isFile: boolean): T["asked"];
  /** The same with the options that the page asks for. */
  again?(asked: T["asked"], message: Extract<T["from"], { readonly type: "runAgain" }>): T["asked"];
}

/** What the user chose in a page of how its document is shown. */
export interface Choice<Document> {
  /** Makes of a document what its page shows of it. */
  apply(document: Document): Document;
  /** Whether what the page keeps of its view speaks of another document then: of its sides, which have changed places. */
  readonly turnsView?: boolean;
}

/** What is shown while a message comes. */
export interface Shown<T extends KindTypes> {
  /** The document as it is shown, with what was chosen there; undefined while there is none. */
  readonly document: T["document"] | undefined;
  /** The same as its run made it, which stays the same object whatever is chosen. */
  readonly result: T["document"] | undefined;
  readonly title: string;
  readonly origins: readonly Origin[];
  /** What it was made of, where it was made in this window. */
  readonly asked?: T["asked"];
}

/** A page that is shown. */
export interface ShownPage<T extends KindTypes> {
  shown(): Shown<T>;
  post(message: T["more"]): void;
  /** Says that there is more now to complete the document with. */
  grown(): void;
}

/** What a page has beside its document. */
export interface Companion<T extends KindTypes> {
  /** The page was told its state, anew or for the first time: tell it the rest. */
  told(): void;
  /** Another state is about to be shown. */
  changing(): void;
  /** A run ended with this document. */
  ended?(): void;
  /** The document with what the page was told of it since. */
  completed?(document: T["document"]): T["document"];
  /** Answers what the page asks for; false for what it leaves to others. */
  answer(message: T["from"]): Promise<boolean>;
  close(): void;
}

/** The commands of the extension that pages of kinds lead to, by their names without `paramscope.`. */
export type KindCommand =
  | "chooseFormatsAgain"
  | "chooseFormatsWith"
  | "compareFolders"
  | "compareResults"
  | "openInPreview"
  | "removePartsAgain"
  | "removePartsWith";

/** What kinds ask of the editor. */
export interface Host {
  readonly scoring: Scoring;
  readonly tints: Tints;
  /** Runs in the panel of that title, a new one where there is none. */
  run<T extends KindTypes>(kind: RunnableKind<T>, asked: T["asked"]): Promise<void>;
  /** Lets the user choose another model, which is the chosen one then; whether that was done. */
  chooseModel(): Promise<boolean>;
  /** Runs a command of the extension. */
  execute(command: KindCommand, ...given: readonly unknown[]): Promise<void>;
  /**
   * The user's settings, with the path of the chosen model or of an earlier result's.
   * @param needs what an earlier result's model is needed for: `The full profile`.
   * @throws ParamscopeError where the model is not there.
   */
  settings(model: ResultModel | undefined, needs: string): Promise<RunSettings>;
  /**
   * What to go on with, once the cost of something is known; undefined: not at all.
   * @param takesFewer whether fewer samples may be offered.
   */
  confirm(
    question: string,
    cost: Estimate | null,
    settings: RunSettings,
    takesFewer?: boolean,
  ): Promise<RunSettings | undefined>;
  /** Says outside of the page that something runs, until it ends. */
  begin(cancel: () => void): RunningEntry;
  /** An error in words for the person at the screen; the log has all of it. */
  failure(error: unknown): Failure;
}

export interface RunningEntry {
  update(progress: RunProgress): void;
  end(): void;
}

export type Failure = Omit<ErrorState, "phase" | "title">;

/** What kinds ask of the scoring process. */
export type Scoring = Pick<ScoringClient, "run" | "estimate" | "heldSums" | "heldRegion">;

/** The tokens of one analysis, tinted in their editors by their saliency. */
export interface Tints {
  /** Whether new results are tinted at once. */
  readonly isOn: boolean;
  shows(document: AnalysisDocument): boolean;
  show(document: AnalysisDocument, origins: readonly Origin[]): void;
  clear(): void;
  /** Tells when other tokens are tinted, or none. */
  onDidChange(told: () => void): { dispose(): void };
}

/** Whether a document is of a kind. */
export function isOf<T extends KindTypes>(
  kind: Kind<T>,
  document: ResultDocument | undefined,
): document is T["document"] {
  return document?.format === kind.format;
}
