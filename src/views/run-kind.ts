import type { Estimate } from "../engine/api";
import type { Origin } from "../editor/texts";
import type { RunListener, ScoringClient } from "../scoring/client";
import type { LayerParams, RunSettings } from "../scoring/protocol";
import type { RunAgainOptions } from "../pages/analysis";
import type { PageTypes } from "./page-kind";
import type { KeptDocument } from "./results-store";
import type { RunState } from "../pages/run";

/** What the user asked for: all that another try needs. It is written to the storage while it runs (`unfinished-run.ts`). */
export interface Asked {
  /** In the user's words: `story.txt`, `a.txt and b.txt`. */
  readonly title: string;
  readonly origins: readonly Origin[];
  /** In the place of the settings. */
  readonly options?: RunAgainOptions;
  /** That of an earlier result, in the place of the chosen one. */
  readonly model?: ResultModel;
}

/** The model of a result, by what its document says of it. */
export interface ResultModel {
  readonly name: string;
  readonly path: string;
  /** What tells it from others that may be at that path now. */
  readonly hash: string;
}

/** The types that make one kind of runs. */
export interface RunTypes extends PageTypes {
  asked: Asked;
  document: KeptDocument;
  /** What is known of a layer while the run is under way. */
  layer: unknown;
  /** What is said of the run, besides its title, before there is a result. */
  about: object;
  /** What the page is told besides the state. */
  more: { readonly type: string };
}

export type StateOf<T extends RunTypes> = RunState<T["document"], T["layer"], T["about"], T["done"]>;

/** One kind of runs: what it asks the scoring process for, and what is told of it. Knows no editor. */
export interface RunKind<T extends RunTypes> {
  readonly format: T["document"]["format"];
  about(asked: T["asked"]): T["about"];
  layer(layer: LayerParams): T["layer"];
  readonly done: T["done"];
  estimate(...run: Request<T>): Promise<Estimate | null>;
  compute(...run: Request<T>): Promise<T["document"]>;
  /** What would have to be asked for to make a result of the history again, for kinds that run again with other options. */
  askedOf?(document: T["document"], of: Pick<Asked, "title" | "origins">): T["asked"];
  /** The same with the options that the page asks for. */
  again?(asked: T["asked"], message: Extract<T["from"], { readonly type: "runAgain" }>): T["asked"];
}

type Request<T extends RunTypes> = [
  scoring: Scoring,
  asked: T["asked"],
  settings: RunSettings,
  listener: RunListener,
  signal: AbortSignal,
];

/** What runs ask of the scoring process. */
export type Scoring = Pick<
  ScoringClient,
  "estimate" | "analyze" | "frequency" | "compare" | "pairs" | "domains" | "patch" | "prune"
>;
