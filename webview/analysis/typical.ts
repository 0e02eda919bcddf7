import { nothing, type TemplateResult } from "lit";
import type { AnalysisDocument, TypicalDescription, UnusualPlace } from "../../src/engine/document/document";
import { capital } from "../../src/format/claims";
import { formatCount, formatNumber, formatShare } from "../../src/format/numbers";
import {
  formatRatio,
  placeName,
  textsInWords,
  typicalFinding,
  unmeasuredFinding,
  unusualLayersSentence,
  unusualPlaces,
  type UnusualPlaces,
} from "../../src/format/typical-findings";
import { button } from "../shared/controls";
import type { DataTable } from "../shared/data-table";
import { section } from "../shared/section";
import { explanations } from "./explanations";
import { openMatrix } from "./opened-matrix";
import { optionsOfRun } from "./run-again-options";
import type { Panel } from "./panel";
import { ablatedPlace, takeAway } from "./take-away";
import { html } from "../shared/template";

/** What the text uses otherwise than texts usually do; or a way to find out. */
export function typicalSection(panel: Panel): TemplateResult | typeof nothing {
  const { document } = panel;
  const found = typicalFinding(document);
  if (found === undefined || document.typical === undefined) return withoutTypical(panel);
  const { typical } = document;
  return section(panel, {
    name: "typical",
    title: "What is unusual",
    chart: () => html``,
    table: () => typicalTable(typical, document),
    sentence: [found.headline, unusualLayersSentence(document)].filter((each) => each !== undefined).join(" "),
    explanation: explanations.typical,
  });
}

/** The places within layers and matrices that are unusual: behind the charts of these, which are to be seen without scrolling. */
export function unusualLists(panel: Panel): TemplateResult | typeof nothing {
  const levels = unusualPlaces(panel.document);
  if (levels.length === 0) return nothing;
  return html`<div class="unusual-lists">${levels.map((level) => placesList(panel, level))}</div>`;
}

/** The places of one level; of a head or a neuron the matrix that it is in is a click away. */
function placesList(panel: Panel, { level, title, places, more }: UnusualPlaces): TemplateResult {
  const id = `unusual-${level}`;
  // a place is said to hold more or less than in so many "of them"
  const { typical } = panel.document;
  return html`<section class="section unusual-list" aria-labelledby=${id}>
    <header>
      <h2 id=${id}>${title}</h2>
      ${typical ? html`<span class="note">beside ${textsInWords(typical)}</span>` : nothing}
    </header>
    <ul class="places">
      ${places.map(
        ({ place, name, words }) =>
          html`<li>
            ${place.module === undefined ? capital(name) : placeButton(panel, place.layer, place.module, name)} ${words}.
            ${causalCheck(panel, level, place, name)}
          </li>`,
      )}
    </ul>
    ${more > 0 ? html`<p class="note">and ${formatCount(more)} more</p>` : nothing}
  </section>`;
}

function causalCheck(
  panel: Panel,
  level: UnusualPlaces["level"],
  place: UnusualPlace,
  name: string,
): TemplateResult | typeof nothing {
  const ablated = ablatedPlace(level, place);
  return ablated ? takeAway(panel, ablated, name) : nothing;
}

function placeButton(panel: Panel, layer: number, module: string, name: string): TemplateResult {
  const open = () => openMatrix(panel, layer, module);
  return html`<button class="place-link" title="Open its matrix" @click=${open}>${capital(name)}</button>`;
}

/** Takes the place that the section will have, so that nothing moves when it is there. */
export function typicalPlace(sentence: string): TemplateResult {
  return placeOf(sentence, "section typical expected");
}

function placeOf(sentence: string, name: string): TemplateResult {
  return html`<section class=${name} aria-label="What is unusual"><p class="note">${sentence}</p></section>`;
}

function withoutTypical({ document, saved, inEditor, post }: Panel): TemplateResult | typeof nothing {
  const sentence = unmeasuredFinding(document);
  if (sentence === undefined) {
    if (saved || !document.target.startsWith("next-token:")) return nothing;
    return placeOf("A token within a text is not held against typical texts.", "section typical");
  }
  const measure = () => post({ type: "runAgain", options: { ...optionsOfRun(document), typicalText: "always" } });
  return html`<section class="section typical" aria-label="What is unusual">
    <p class="unmeasured">${sentence} ${saved || !inEditor ? nothing : button("Measure it", measure)}</p>
  </section>`;
}

/** The places of every level that are furthest from the usual, the coarsest level first. */
export function typicalTable({ levels, texts }: TypicalDescription, { layers }: AnalysisDocument): DataTable {
  return {
    caption: "Furthest from the usual",
    columns: [
      { title: "Place", text: true },
      { title: "Share" },
      { title: "Usual" },
      { title: "Ratio" },
      { title: `Texts of ${texts} as far` },
      { title: "p" },
    ],
    rows: levels.flatMap(({ level, furthest }) =>
      furthest.map((place) => [
        placeName(place, level, layers),
        place.share,
        place.usual,
        place.ratio,
        place.textsAsFar,
        place.p,
      ]),
    ),
    format: [String, formatShare, formatShare, formatRatio, String, formatNumber],
  };
}
