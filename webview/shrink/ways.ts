import { nothing, type TemplateResult } from "lit";
import type { ShrinkDocument } from "../../src/engine/document/document";
import { inWords } from "../../src/format/bits";
import { formatCount, formatDensity, formatNumber } from "../../src/format/numbers";
import {
  type ComparedShrinkWay,
  comparedShrinkWays,
  shrinkWayInWords,
  shrinkWaysFinding,
} from "../../src/format/shrink";
import { barChart } from "../shared/bar-chart";
import type { DataTable } from "../shared/data-table";
import { divergenceLines } from "../shared/divergence-lines";
import { roomForLabels } from "../shared/heat-map-layout";
import { rowHeightOf } from "../shared/row-height";
import { section } from "../shared/section";
import { explanations } from "./explanations";
import type { Panel } from "./panel";

export const waysChart = "ways-chart";

/** Divergence by way of choosing, where several were measured: bars of one amount, lines over several. */
export function waysSection(panel: Panel): TemplateResult | typeof nothing {
  const { document } = panel;
  const points = comparedShrinkWays(document);
  if (points.length < 2 || !points.some(({ divergence }) => divergence.mean > 0)) return nothing;
  const isOfOne = document.curve.length === 0;
  return section(panel, {
    name: "ways",
    title: isOfOne ? "Divergence by way of choosing" : "Divergence over how much goes",
    note: isOfOne ? "as much taken out by each" : "logarithmic",
    chart: () => (isOfOne ? bars(panel, points) : lines(panel, points)),
    table: () => waysTable(document),
    sentence: shrinkWaysFinding(document),
    explanation: explanations.ways,
  });
}

function bars({ view, change, width }: Panel, ways: readonly ComparedShrinkWay[]): TemplateResult {
  const largest = Math.max(...ways.map(({ divergence }) => divergence.mean));
  return barChart({
    id: waysChart,
    label: "Ways of choosing by their divergence from the dense model. Up and down arrows walk them.",
    bars: ways.map(({ by, divergence, perplexity }) => ({
      label: shrinkWayInWords[by],
      length: divergence.mean / largest,
      text: formatNumber(divergence.mean),
      description: `By ${shrinkWayInWords[by]}: ${inWords(divergence)}; perplexity ${perplexity}`,
    })),
    top: 2,
    width,
    rowHeight: rowHeightOf(ways.length),
    labelWidth: roomForLabels(
      ways.map(({ by }) => shrinkWayInWords[by]),
      [""],
      width,
    ).left,
    focused: Math.min(view.way, ways.length - 1),
    onFocus: (way) => change({ way }),
  });
}

/** A line for each way of choosing. */
function lines({ document, view, change, width }: Panel, points: readonly ComparedShrinkWay[]): TemplateResult {
  const { by: own, structure, of, compared } = document;
  const amounts = [...new Set(points.map(({ removed }) => removed))];
  return divergenceLines({
    id: waysChart,
    label: "Divergence from the dense model by how much goes and way of choosing",
    ways: [own, ...compared.map(({ by }) => by)],
    nameOf: (way) => shrinkWayInWords[way],
    at: (way, place) => {
      const point = points.find(({ by, removed }) => by === way && removed === amounts[place]);
      return (
        point && {
          divergence: point.divergence,
          description: `${formatCount(point.removed)} gone by ${shrinkWayInWords[way]}: ${inWords(point.divergence)}, perplexity ${point.perplexity}`,
        }
      );
    },
    places: amounts.map(formatCount),
    positions: amounts,
    axis: `${structure} gone, of ${formatCount(of)}${structure === "layers" ? "" : " in each layer"}`,
    width,
    place: view.way,
    onMove: (way) => change({ way }),
  });
}

export function waysTable(document: ShrinkDocument): DataTable {
  return {
    caption:
      document.curve.length === 0 ? "Divergence by way of choosing" : "Divergence by how much goes and way of choosing",
    columns: [
      { title: "Gone" },
      { title: "Chosen by", text: true },
      { title: "Divergence" },
      { title: "From" },
      { title: "To" },
      { title: "Perplexity", text: true },
      { title: "Same token" },
    ],
    rows: comparedShrinkWays(document).map(({ by, removed, divergence, perplexity, agreement }) => [
      removed,
      shrinkWayInWords[by],
      divergence.mean,
      ...(divergence.interval ?? ["", ""]),
      perplexity,
      agreement,
    ]),
    format: [formatCount, String, formatNumber, formatNumber, formatNumber, String, formatDensity],
  };
}
