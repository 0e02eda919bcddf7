import { html, nothing, type TemplateResult } from "lit";
import type { DataTable } from "./data-table";
import { tableView } from "./table-view";

/** Two sentences for who does not know the terms yet, and where to read on. */
export interface Explanation {
  readonly text: string;
  readonly link: { readonly title: string; readonly url: string };
}

/** The paper that the definitions are from. */
export const paper = {
  title: "Exploring Activation Patterns of Parameters in Language Models",
  url: "https://arxiv.org/abs/2405.17799",
};

/** Asks the extension to open a page of the web. */
export type PostLink = (message: { readonly type: "openLink"; readonly url: string }) => void;

/** What a section needs of its view: which charts are tables, by their names. */
export interface Sectioned<Name extends string> {
  readonly view: { readonly tables: readonly Name[] };
  readonly change: (change: { tables: readonly Name[] }) => void;
  readonly post: PostLink;
}

interface Section<Name extends string> {
  readonly name: Name;
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
export function section<Name extends string>(
  { view: { tables }, change, post }: Sectioned<Name>,
  { name, title, note, controls, ...parts }: Section<Name>,
): TemplateResult {
  const isTable = tables.includes(name);
  const toggle = () => change({ tables: isTable ? tables.filter((other) => other !== name) : [...tables, name] });
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
    ${explain(post, parts.explanation, title)}
  </section>`;
}

/** "What is this?": two sentences and a link, folded away. */
export function explain(post: PostLink, { text, link }: Explanation, about: string): TemplateResult {
  const follow = (event: Event) => {
    event.preventDefault();
    post({ type: "openLink", url: link.url });
  };
  return html`<details class="explanation">
    <summary>What is this?<span class="hidden"> (${about})</span></summary>
    <p>${text} <a href=${link.url} @click=${follow}>${link.title}</a></p>
  </details>`;
}
