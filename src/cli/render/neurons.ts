import type { NeuronsDocument } from "../../engine/document/document";
import {
  criterionNames,
  halfDivergenceSentence,
  neuronsTitle,
  stayingOf,
  toleratedSentences,
} from "../../format/neurons";
import { formatDensity, formatNumber, formatShare } from "../../format/numbers";
import { bar } from "../terminal/bar";
import type { Style } from "../terminal/style";
import { table } from "../terminal/table";
import { elementAt } from "../../engine/numbers/elements";

const barWidth = 20;

/** Head line, what can go, the curves, and how few neurons each layer's attribution is in. */
export function neuronsLines(document: NeuronsDocument, style: Style): string[] {
  const { layers } = document;
  const divergence = halfDivergenceSentence(document);
  return [
    style("bold", neuronsTitle(document)),
    ...toleratedSentences(document),
    ...(divergence === undefined ? [] : [divergence]),
    "",
    "Next tokens that stay, with the 95 % interval of others like them, and KL(dense ‖ sparse) in nats, over the share of neurons deactivated:",
    "",
    ...curveTable(document, style),
    "",
    "Per layer the share of neurons that make up 90 % of the attribution, and of the size, and those with the largest mean attribution:",
    "",
    ...table(
      [
        { title: "layer" },
        { title: "attribution" },
        { title: "", align: "left", style: (text) => style("cyan", text) },
        { title: "size" },
        { title: "neurons", align: "left" },
      ],
      layers.map(({ layer, concentration: { attribution, size }, top }) => [
        String(layer),
        formatDensity(attribution),
        bar(attribution, barWidth),
        formatDensity(size),
        top.map(({ neuron }) => String(neuron)).join(" "),
      ]),
      style,
    ),
  ];
}

function curveTable(document: NeuronsDocument, style: Style): string[] {
  const { curves } = document;
  const columns = [
    { title: "share" },
    ...curves.flatMap(({ criterion }) => [
      { title: criterionNames[criterion] },
      { title: "interval" },
      { title: "KL" },
    ]),
  ];
  const rows = elementAt(curves, 0).points.map(({ share }, i) => [
    formatShare(share),
    ...curves.flatMap(({ points }) => {
      const point = elementAt(points, i);
      const { interval } = stayingOf(document, point);
      const [low, high] = interval.map(formatShare);
      const between = share === 0 ? "" : `${low?.replace(" %", "")}–${high}`;
      return [formatDensity(point.agreement), between, formatNumber(point.kl)];
    }),
  ]);
  return table(columns, rows, style);
}
