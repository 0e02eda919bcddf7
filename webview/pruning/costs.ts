import { nothing, type TemplateResult } from "lit";
import type { PruningDocument } from "../../src/engine/document/document";
import { agreementSentence, allocationSentence, perplexitySentence } from "../../src/format/pruning";
import { taskSentences } from "../../src/format/tasks";
import { continuationList, findings } from "../shared/continuation";
import { html } from "../shared/template";

/** What pruning costs, and what both models write. */
export function costsSection(document: PruningDocument): TemplateResult | typeof nothing {
  const { perplexity, tasks, continuation } = document;
  if (perplexity === null && tasks === undefined && continuation === null) return nothing;
  const bought = allocationSentence(document);
  const allocationFinding = bought === undefined ? [] : [bought];
  return html`${
    perplexity === null
      ? nothing
      : findings([perplexitySentence(perplexity), agreementSentence(perplexity), ...allocationFinding])
  }
  ${tasks ? findings(taskSentences(tasks, "pruned")) : nothing}
  ${continuation === null ? nothing : continuationList(continuation, continuation.pruned, "pruned")}`;
}
