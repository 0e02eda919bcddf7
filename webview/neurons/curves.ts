import type { TemplateResult } from "lit";
import type { NeuronsDocument } from "../../src/engine/document/document";
import { elementAt } from "../../src/engine/numbers/elements";
import { criterionNames, halfAgreementSentence, halfDivergenceSentence } from "../../src/format/neurons";
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
    title: "KL(dense ‖ sparse)",
    note: "in nats",
    chart: () =>
      lineChart({
        ...sharesAxis(panel),
        id: divergenceChart,
        label: "KL(dense ‖ sparse) by the share of neurons deactivated, in nats",
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

function staying({ curves }: NeuronsDocument, place: number): string {
  const said = curves.map(
    ({ criterion, points }) =>
      `${formatDensity(elementAt(points, place).agreement)} stay by ${criterionNames[criterion]}`,
  );
  return said.join(", ");
}

function diverging({ curves }: NeuronsDocument, place: number): string {
  const said = curves.map(
    ({ criterion, points }) => `${formatNumber(elementAt(points, place).kl)} nats by ${criterionNames[criterion]}`,
  );
  return said.join(", ");
}

export function agreementTable(document: NeuronsDocument): DataTable {
  return curveTable(document, "Next tokens that stay", ({ agreement }) => agreement, formatDensity);
}

export function divergenceTable(document: NeuronsDocument): DataTable {
  return curveTable(document, "KL(dense ‖ sparse) in nats", ({ kl }) => kl, formatNumber);
}

function curveTable(
  document: NeuronsDocument,
  caption: string,
  of: (point: NeuronsDocument["curves"][number]["points"][number]) => number,
  format: (value: number) => string,
): DataTable {
  const { curves } = document;
  return {
    caption: `${caption}, by the share of neurons deactivated`,
    columns: ["Deactivated", ...curves.map(({ criterion }) => `By ${criterionNames[criterion]}`)].map((title) => ({
      title,
    })),
    rows: sharesOf(document).map((share, place) => [
      share,
      ...curves.map(({ points }) => of(elementAt(points, place))),
    ]),
    format: [formatShare, ...curves.map(() => format)],
  };
}
