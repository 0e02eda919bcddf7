import type { TemplateResult } from "lit";
import type { NeuronsDocument } from "../../src/engine/document/document";
import { elementAt } from "../../src/engine/numbers/elements";
import {
  criterionNames,
  halfAgreementSentence,
  halfDivergenceSentence,
  intervalInWords,
  stayingOf,
} from "../../src/format/neurons";
import { formatDensity, formatNumber, formatShare } from "../../src/format/numbers";
import type { DataTable } from "../shared/data-table";
import { type LineChart, lineChart } from "../shared/line-chart";
import { roundedUp } from "../shared/scales";
import { section } from "../shared/section";
import { explanations } from "./explanations";
import type { Panel } from "./panel";

const TICKS = 5;

export const agreementChart = "agreement-chart";
export const divergenceChart = "divergence-chart";

/** Next tokens that stay, over the share of neurons deactivated, a line per criterion. */
export function agreementSection(panel: Panel): TemplateResult {
  const { document } = panel;
  const { curves, kept } = document;
  return section(panel, {
    name: "agreement",
    title: "Next tokens that stay",
    note: "in %",
    chart: () =>
      lineChart({
        ...sharesAxis(panel),
        id: agreementChart,
        label: "Next tokens that stay, by the share of neurons deactivated, in percent",
        lines: [
          ...curves.map(({ criterion, points }) => ({
            name: criterionNames[criterion],
            values: points.map(({ agreement }) => 100 * agreement),
          })),
          { name: `${formatShare(kept)} kept`, values: sharesOf(document).map(() => 100 * kept), isLevel: true },
        ],
        low: 0,
        high: 100,
        describe: (place) => `${deactivated(document, place)} ${staying(document, place)}`,
      }),
    table: () => agreementTable(document),
    sentence: halfAgreementSentence(document),
    explanation: explanations.agreement,
  });
}

/** How far predictions move, over the share of neurons deactivated, a line per criterion. */
export function divergenceSection(panel: Panel): TemplateResult {
  const { document } = panel;
  const { curves } = document;
  const highest = Math.max(...curves.flatMap(({ points }) => points.map(({ kl }) => kl)));
  return section(panel, {
    name: "divergence",
    title: "Divergence",
    note: "from the whole model",
    chart: () =>
      lineChart({
        ...sharesAxis(panel),
        id: divergenceChart,
        label: "Divergence from the whole model by the share of neurons deactivated",
        lines: curves.map(({ criterion, points }) => ({
          name: criterionNames[criterion],
          values: points.map(({ kl }) => kl),
        })),
        low: 0,
        high: highest > 0 ? roundedUp(highest, TICKS) : 1,
        describe: (place) => `${deactivated(document, place)} ${diverging(document, place)}`,
      }),
    table: () => divergenceTable(document),
    sentence: halfDivergenceSentence(document),
    explanation: explanations.divergence,
  });
}

function sharesAxis({
  document,
  view,
  change,
  width,
}: Panel): Pick<LineChart, "places" | "axis" | "width" | "at" | "onMove"> {
  return {
    places: sharesOf(document).map((share) => String(Math.round(100 * share))),
    axis: "% of every layer's neurons deactivated",
    width,
    // at first where what shall be kept is just kept
    at: view.place < 0 ? sharesOf(document).indexOf(elementAt(document.curves, 0).tolerated) : view.place,
    onMove: (place) => change({ place }),
  };
}

/** The shares of neurons deactivated: all curves have the same. */
function sharesOf({ curves }: NeuronsDocument): number[] {
  return elementAt(curves, 0).points.map(({ share }) => share);
}

function deactivated(document: NeuronsDocument, place: number): string {
  return `${formatShare(elementAt(sharesOf(document), place))} deactivated:`;
}

function staying(document: NeuronsDocument, place: number): string {
  const said = document.curves.map(({ criterion, points }) => {
    const { stays, of, interval } = stayingOf(document, elementAt(points, place));
    return `${stays} of ${of} stay by ${criterionNames[criterion]} (${intervalInWords(interval)})`;
  });
  return said.join(", ");
}

function diverging({ curves }: NeuronsDocument, place: number): string {
  const said = curves.map(
    ({ criterion, points }) => `${formatNumber(elementAt(points, place).kl)} by ${criterionNames[criterion]}`,
  );
  return said.join(", ");
}

export function agreementTable(document: NeuronsDocument): DataTable {
  const staying = (point: Point): [number, number, number] => [point.agreement, ...stayingOf(document, point).interval];
  const columns = (criterion: string) => [`By ${criterion}`, "95 % from", "to"];
  return curveTable(document, { caption: "Next tokens that stay", columns, of: staying, format: formatDensity });
}

export function divergenceTable(document: NeuronsDocument): DataTable {
  const columns = (criterion: string) => [`By ${criterion}`];
  const of = ({ kl }: Point) => [kl];
  return curveTable(document, { caption: "Divergence from the whole model", columns, of, format: formatNumber });
}

type Point = NeuronsDocument["curves"][number]["points"][number];

/** What a table says of each criterion and point. */
interface Columns {
  readonly caption: string;
  readonly columns: (criterion: string) => readonly string[];
  readonly of: (point: Point) => readonly number[];
  readonly format: (value: number) => string;
}

function curveTable(document: NeuronsDocument, { caption, columns, of, format }: Columns): DataTable {
  const { curves } = document;
  const titles = curves.flatMap(({ criterion }) => columns(criterionNames[criterion]));
  return {
    caption: `${caption}, by the share of neurons deactivated`,
    columns: ["Deactivated", ...titles].map((title) => ({ title })),
    rows: sharesOf(document).map((share, place) => [
      share,
      ...curves.flatMap(({ points }) => of(elementAt(points, place))),
    ]),
    format: [formatShare, ...titles.map(() => format)],
  };
}
