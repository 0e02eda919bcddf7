import { html, nothing, type TemplateResult } from "lit";
import type { AnalysisDocument, TypicalDescription } from "../../src/engine/document/document";
import { formatNumber, formatShare } from "../../src/format/numbers";
import { formatRatio, placeName, typicalFinding, unmeasuredFinding } from "../../src/format/typical-findings";
import { button } from "../shared/controls";
import type { DataTable } from "../shared/data-table";
import { section } from "../shared/section";
import { explanations } from "./explanations";
import type { Panel } from "./panel";

/** What the text uses otherwise than texts usually do; or a way to find out. */
export function typicalSection(panel: Panel): TemplateResult | typeof nothing {
  const { document } = panel;
  const found = typicalFinding(document);
  if (found === undefined || document.typical === undefined) return withoutTypical(panel);
  const { typical } = document;
  return section(panel, {
    name: "typical",
    title: "What is unusual",
    chart: () =>
      html`<p class="finding">${found.headline}</p>
        ${found.places.length > 0 ? html`<ul class="places">${found.places.map((place) => html`<li>${place}</li>`)}</ul>` : nothing}`,
    table: () => typicalTable(typical, document),
    explanation: explanations.typical,
  });
}

/** Takes the place that the section will have, so that nothing moves when it is there. */
export function typicalPlace(sentence: string): TemplateResult {
  return html`<section class="section typical" aria-label="What is unusual"><p class="note">${sentence}</p></section>`;
}

function withoutTypical({ document, saved, inEditor, post }: Panel): TemplateResult | typeof nothing {
  const sentence = unmeasuredFinding(document);
  if (sentence === undefined) {
    if (saved) return nothing;
    return typicalPlace(
      document.target.startsWith("next-token:") ? "A token within a text is not held against typical texts." : "",
    );
  }
  const { target, threshold, run } = document;
  const { mode, share, tau } = threshold;
  const measure = () =>
    post({
      type: "runAgain",
      options: {
        target,
        threshold: mode === "share" ? { mode, share } : { mode, tau },
        window: run.window ?? 512,
        chat: run.chat ?? false,
        typicalText: "always",
      },
    });
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
