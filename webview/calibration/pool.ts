import { nothing, type TemplateResult } from "lit";
import { namedTexts } from "../../src/format/calibration";
import { formatCount } from "../../src/format/numbers";
import type { DataTable } from "../shared/data-table";
import { explain } from "../shared/section";
import { tableView } from "../shared/table-view";
import { explanations } from "./explanations";
import type { Choice, Panel } from "./panel";
import { similarityFinding } from "../../src/format/calibration-findings";
import { html } from "../shared/template";

/** The texts of a pool that were chosen, and those that come next. */
export function poolSection({ post }: Panel, choice: Choice): TemplateResult {
  const { named, left } = namedTexts(choice);
  const title = `Texts of ${choice.pool}`;
  return html`<section class="section pool" aria-labelledby="pool-title">
    <header>
      <h2 id="pool-title">${title}</h2>
      <span class="note">by their similarity over the deep layers</span>
    </header>
    ${tableView(poolTable({ ...choice, similarities: named }))}
    ${left > 0 ? html`<p class="note">… and ${formatCount(left)} that are less alike.</p>` : nothing}
    <p class="finding">${similarityFinding(choice)}</p>
    ${explain(post, explanations.pool, title)}
  </section>`;
}

export function poolTable({ pool, similarities }: Choice): DataTable {
  return {
    caption: `Texts of ${pool}, the most alike first`,
    columns: [
      { title: "Place" },
      { title: "Similarity" },
      { title: "Chosen", text: true },
      { title: "Text", text: true },
    ],
    rows: similarities.map(({ source, similarity, chosen }, i) => [i + 1, similarity, chosen ? "chosen" : "", source]),
    format: [String, (similarity) => similarity.toFixed(3)],
  };
}
