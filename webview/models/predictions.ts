import type { TemplateResult } from "lit";
import { elementAt, zip } from "../../src/engine/numbers/elements";
import { answerInWords, type ComparedPrediction, predictionsByMove, sampleName } from "../../src/format/models";
import { nextSentence } from "../../src/format/models-findings";
import { formatNumber } from "../../src/format/numbers";
import { nextFinding, nextShares } from "../../src/format/compared-next";
import { barChart } from "../shared/bar-chart";
import { nextSharesChart } from "../shared/next-shares";
import type { DataTable } from "../shared/data-table";
import { rowHeightOf } from "../shared/row-height";
import { section } from "../shared/section";
import { explanations } from "./explanations";
import type { Panel } from "./panel";
import { html } from "../shared/template";

export const predictionsChart = "predictions-chart";

/** Pixels that a letter of a sample's name takes, and the most that all of them may. */
const [LETTER, MOST_ROOM] = [6.5, 200];

/** How far the next token of every sample moved, the furthest first, and the likeliest ones of the sample that is stood on. */
export function predictionsSection(panel: Panel): TemplateResult {
  const { document, view, change, width } = panel;
  const moved = predictionsByMove(document);
  const names = moved.map(({ index }) => shortName(sampleName(document, index)));
  const most = Math.max(...moved.map(({ prediction: { kl } }) => kl));
  const focused = Math.min(view.prediction, moved.length - 1);
  return section(panel, {
    name: "predictions",
    title: "Next tokens",
    note: "divergence of the next token",
    chart: () =>
      html`${barChart({
        id: predictionsChart,
        label: "Divergence of the next token by sample. Up and down walk the samples.",
        bars: zip(moved, names).map(([compared, label]) => ({
          label,
          length: most > 0 ? compared.prediction.kl / most : 0,
          text: formatNumber(compared.prediction.kl),
          description: described(panel, label, compared),
        })),
        width,
        rowHeight: rowHeightOf(moved.length),
        labelWidth: Math.min(MOST_ROOM, 12 + LETTER * Math.max(...names.map(({ length }) => length))),
        focused,
        onFocus: (prediction) => change({ prediction, next: 0 }),
      })}
      ${likeliest(panel, sampleName(document, elementAt(moved, focused).index), elementAt(moved, focused))}`,
    table: () => predictionsTable(panel),
    sentence: nextSentence(document),
    explanation: explanations.predictions,
  });
}

/** The end of a long name, which tells files apart. */
function shortName(name: string): string {
  const letters = Math.floor(MOST_ROOM / LETTER) - 2;
  return name.length <= letters ? name : `…${name.slice(1 - letters)}`;
}

/** Begins with what stands beside the bar; a name that is cut there comes whole behind. */
function described({ document }: Panel, label: string, { index, sample, prediction: { kl, b } }: ComparedPrediction): string {
  const name = sampleName(document, index);
  const answers = `A ${answerInWords(sample.nextTokens)}, B ${answerInWords(b.nextTokens)}`;
  return `${label}: ${formatNumber(kl)} divergence; ${answers}${label === name ? "" : `; ${name}`}`;
}

/** The likeliest tokens of both, side by side. */
function likeliest({ view, change, width }: Panel, name: string, { sample, prediction }: ComparedPrediction): TemplateResult {
  const shares = nextShares(sample.nextTokens, prediction.b.nextTokens, prediction.next);
  return html`<h3>Likeliest after ${name}</h3>
    ${nextSharesChart(shares, {
      id: "next-chart",
      label: `The likeliest next tokens after ${name}, of A and of B`,
      names: ["A", "B"],
      width,
      at: view.next,
      onMove: (next) => change({ next }),
    })}
    <p class="finding">${nextFinding(shares)}</p>`;
}

export function predictionsTable({ document }: Panel): DataTable {
  return {
    caption: "Next tokens, those that moved most first",
    columns: [
      { title: "Sample", text: true },
      { title: "Divergence" },
      { title: "Same", text: true },
      { title: "A", text: true },
      { title: "B", text: true },
    ],
    rows: predictionsByMove(document).map(({ index, sample, prediction: { kl, agrees, b } }) => [
      sampleName(document, index),
      kl,
      agrees ? "yes" : "no",
      answerInWords(sample.nextTokens),
      answerInWords(b.nextTokens),
    ]),
    format: [String, formatNumber],
  };
}
