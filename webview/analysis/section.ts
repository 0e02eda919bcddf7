import { html, nothing, type TemplateResult } from "lit";
import { type DataTable, tableView } from "../shared/data-table";
import type { Explanation } from "./explanations";
import type { Panel } from "./panel";
import type { ChartName } from "./view-state";

interface Section {
  readonly name: ChartName;
  readonly title: string;
  /** What the title's figures mean, small beside it. */
  readonly note?: string;
  readonly controls?: TemplateResult | typeof nothing;
  readonly chart: () => TemplateResult;
  readonly table: () => DataTable;
  /** The chart's finding in figures. */
  readonly sentence?: string;
  readonly explanation: Explanation;
}

/** A chart under its title, or the same as a table, with its finding in a sentence and what it is. */
export function section(panel: Panel, { name, title, note, controls, ...parts }: Section): TemplateResult {
  const { tables } = panel.view;
  const isTable = tables.includes(name);
  const toggle = () => panel.change({ tables: isTable ? tables.filter((other) => other !== name) : [...tables, name] });
  return html`<section class="section ${name}" aria-labelledby="${name}-title">
    <header>
      <h2 id="${name}-title" tabindex="-1">${title}</h2>
      ${note ? html`<span class="note">${note}</span>` : nothing}
      <span class="space"></span>
      ${controls ?? nothing}
      <vscode-toolbar-button toggleable label="${title} as a table" .checked=${isTable} @change=${toggle}
        >Table</vscode-toolbar-button
      >
    </header>
    ${isTable ? tableView(parts.table()) : parts.chart()}
    ${parts.sentence ? html`<p class="finding">${parts.sentence}</p>` : nothing}
    ${explain(panel.post, parts.explanation, title)}
  </section>`;
}

/** "What is this?": two sentences and a link, folded away. */
export function explain(post: Panel["post"], { text, link }: Explanation, about: string): TemplateResult {
  const follow = (event: Event) => {
    event.preventDefault();
    post({ type: "openLink", url: link.url });
  };
  return html`<details class="explanation">
    <summary>What is this?<span class="hidden"> (${about})</span></summary>
    <p>${text} <a href=${link.url} @click=${follow}>${link.title}</a></p>
  </details>`;
}
