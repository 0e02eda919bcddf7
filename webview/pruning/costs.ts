import { nothing, type TemplateResult } from "lit";
import type { PruningDocument } from "../../src/engine/document/document";
import { agreementSentence, perplexitySentence } from "../../src/format/pruning";
import { taskSentences } from "../../src/format/tasks";
import { continuationList, findings } from "../shared/continuation";
import { html } from "../shared/template";

/** What pruning costs, and what both models write. */
export function costsSection({ perplexity, tasks, continuation }: PruningDocument): TemplateResult | typeof nothing {
  if (perplexity === null && tasks === undefined && continuation === null) return nothing;
  return html`${
    perplexity === null ? nothing : findings([perplexitySentence(perplexity), agreementSentence(perplexity)])
  }
  ${tasks ? findings(taskSentences(tasks, "pruned")) : nothing}
  ${continuation === null ? nothing : continuationList(continuation, continuation.pruned, "pruned")}`;
}
