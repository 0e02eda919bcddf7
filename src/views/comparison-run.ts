import type { ComparisonDocument } from "../engine/document/document";
import type { ScoringClient } from "../scoring/client";
import type { NamedSet } from "../scoring/protocol";
import type { ComparedSide, ComparedSides, StreamedComparisonLayer, ToComparisonView } from "./comparison-protocol";
import { type DocumentJob, DocumentRun, type RunHooks } from "./document-run";

export interface ComparisonJob extends Pick<
  DocumentJob<ComparisonDocument, ComparedSides>,
  "title" | "modelName" | "settings"
> {
  readonly a: NamedSet;
  readonly b: NamedSet;
}

export interface ComparisonHooks extends RunHooks {
  readonly post: (message: ToComparisonView) => void;
}

/** The run of one comparison. */
export class ComparisonRun extends DocumentRun<ComparisonDocument, StreamedComparisonLayer, ComparedSides, object> {
  constructor(
    private readonly scoring: Pick<ScoringClient, "compare" | "estimate">,
    hooks: ComparisonHooks,
  ) {
    super({
      ...hooks,
      layer: ({ layer, similarity = 0, overlap = 0 }) => ({ layer, similarity, overlap }),
      done: {},
    });
  }

  async start({ a, b, ...job }: ComparisonJob): Promise<ComparisonDocument | undefined> {
    return await this.run({
      ...job,
      about: { a: beginningOf(a), b: beginningOf(b) },
      estimate: async (settings, listener, signal) =>
        await this.scoring.estimate({ sets: [a, b], settings }, listener, signal),
      compute: async (settings, listener, signal) => await this.scoring.compare({ a, b, settings }, listener, signal),
    });
  }
}

const LONGEST_BEGINNING = 160;

function beginningOf({ name, texts, samples }: NamedSet): ComparedSide {
  const text = (samples ?? texts).at(0)?.text ?? "";
  return { name, beginning: text.trim().replace(/\s+/g, " ").slice(0, LONGEST_BEGINNING) };
}
