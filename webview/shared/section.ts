import { nothing, type TemplateResult } from "lit";
import { glossary, type Term, type TermName } from "../../src/format/glossary";
import type { DataTable } from "./data-table";
import { tableView } from "./table-view";
import { html } from "./template";

/** How a chart is read, the words of the glossary that it takes, and where to read on. */
export interface Explanation {
  readonly text: string;
  readonly terms: readonly TermName[];
  /** Formulas and symbols of the chart, for who wants them. */
  readonly details?: string;
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

/** "What is this?", folded away: how the chart is read, and its words, each with what it is and what to do with it. */
export function explain(
  post: PostLink,
  { text, terms, details: own, link }: Explanation,
  about: string,
): TemplateResult {
  const follow = (event: Event) => {
    event.preventDefault();
    post({ type: "openLink", url: link.url });
  };
  const words = terms.map((name): Term => glossary[name]);
  const ofWords = words.flatMap(({ name, details }) => (details === undefined ? [] : [`${name}: ${details}`]));
  const details = [...(own === undefined ? [] : [own]), ...ofWords];
  return html`<details class="explanation">
    <summary>What is this?<span class="hidden"> (${about})</span></summary>
    <p>${text}</p>
    <dl>${words.map(({ name, is, use }) => html`<dt>${name}</dt><dd>${is} ${use}</dd>`)}</dl>
    ${details.length > 0 ? html`<details class="formulas"><summary>Details<span class="hidden"> (${about})</span></summary>${details.map((each) => html`<p>${each}</p>`)}</details>` : nothing}
    <p>Read on: <a href=${link.url} @click=${follow}>${link.title}</a></p>
  </details>`;
}
