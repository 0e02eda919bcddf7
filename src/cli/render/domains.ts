import type { DomainOverlap, DomainPair, DomainsDocument, ExclusiveParameter } from "../../engine/document/document";
import { capital, CLEARLY } from "../../format/claims";
import {
  areToldApart,
  domainsLayers,
  domainsSentences,
  formatP,
  gapOf,
  haveOwn,
  isNeuronTold,
  type Likeness,
  likenessesOf,
  overlapInWords,
  pairOf,
} from "../../format/domains";
import { halvesSentence, pairsFinding } from "../../format/domains-findings";
import {
  formatCount,
  formatDensity,
  formatDuration,
  formatFixed,
  formatNumber,
  formatShare,
} from "../../format/numbers";
import type { Style } from "../terminal/style";
import { table } from "../terminal/table";
import { elementAt } from "../../engine/numbers/elements";

/** Head line, what it comes to, layers within and across, every two domains, and the densities. */
export function domainsLines(document: DomainsDocument, style: Style): string[] {
  const { domains, model, run, target, pairs, density, neurons, overlaps, share } = document;
  const head = [
    `${formatCount(domains.length)} domains of ${formatCount(elementAt(domains, 0).texts)} texts`,
    model.name,
    target,
    formatDuration(run.seconds),
  ].join(" · ");
  return [
    style("bold", head),
    ...domainsSentences(document),
    ...likenessesOf(document).flatMap((likeness) => layersTable(document, likeness, style)),
    "",
    "Relevance, the mean similarity of the deep layers, of texts i and i + 1 of one domain and texts i of two:",
    "",
    ...matrix(document, ({ relevance }) => relevance.toFixed(3), style),
    ...(pairs.some(({ contrastRelevance }) => contrastRelevance !== null)
      ? [
          "",
          "Contrast relevance, of the same pairs:",
          "",
          ...matrix(document, ({ contrastRelevance }) => contrastRelevance?.toFixed(3) ?? "", style),
        ]
      : []),
    ...likenessesOf(document).flatMap((likeness) => {
      const found = pairsFinding(document, likeness);
      return found === undefined ? [] : ["", `${capital(likenessNames[likeness])}: ${found}`];
    }),
    ...(overlaps === null
      ? []
      : [
          "",
          `Weights in the top sets (the strongest ${formatShare(share)} of each matrix) of both, as a share of those of either:`,
          "",
          ...overlaps.flatMap((overlap) => overlapLines(document, overlap)),
        ]),
    ...(neurons === null
      ? []
      : [
          "",
          neurons.some((pair) => pair.neurons.some(({ p }) => p !== undefined))
            ? `Feed-forward neurons that tell two apart by more than chance (layer.neuron, how often as strong, ${CLEARLY} x at least):`
            : `Feed-forward neurons whose shares differ most, not tested against chance (layer.neuron, how often as strong, ${CLEARLY} x at least):`,
          "",
          ...neuronLines(document, neurons),
        ]),
    ...(density === null ? [] : ["", "Density of each domain:", "", ...densityTable(document, density, style)]),
  ];
}

const likenessNames: Record<Likeness, string> = { similarity: "similarity", contrast: "contrast similarity" };

/** How alike texts are in every layer: on average where that is tested, else the medians that results of earlier versions have. */
function layersTable(document: DomainsDocument, likeness: Likeness, style: Style): string[] {
  const { deep } = document;
  const layers = domainsLayers(document, likeness);
  const isTested = layers.some(({ tested }) => tested !== undefined);
  const rows = layers.map((of) => {
    const { within, across } = of.tested ?? of.medians;
    const interval = of.tested?.interval;
    return [
      String(of.layer),
      within.toFixed(3),
      across.toFixed(3),
      formatFixed(gapOf(of), 3),
      ...(isTested ? [interval ? interval.map((end) => formatFixed(end, 3)).join(" to ") : ""] : []),
      formatP(of.p),
      of.layer >= deep[0] && of.layer < deep[1] ? "deep" : "",
    ];
  });
  const titles = ["layer", "within", "across", "difference", ...(isTested ? ["95 % interval"] : []), "p"];
  const columns = [
    ...titles.map((title) => ({ title })),
    { title: "", align: "left" as const, style: (text: string) => style("dim", text) },
  ];
  const what = `${isTested ? "Mean" : "Median"} ${likenessNames[likeness]}`;
  return [
    "",
    `${what} of two texts of one domain, and of two domains; p corrected for all layers:`,
    "",
    ...table(columns, rows, style),
  ];
}

function matrix({ domains, pairs }: DomainsDocument, value: (pair: DomainPair) => string, style: Style): string[] {
  const of = (a: string, b: string): string => {
    const pair = pairOf(pairs, a, b);
    return pair === undefined ? "" : value(pair);
  };
  const columns = [{ title: "", align: "left" as const }, ...domains.map(({ name }) => ({ title: name }))];
  const rows = domains.map(({ name }) => [name, ...domains.map((other) => of(name, other.name))]);
  return table(columns, rows, style);
}

/** What two share, and halves of one; the strongest weight of each alone, where they have such. */
function overlapLines(document: DomainsDocument, overlap: DomainOverlap): string[] {
  const strongest = (name: string, [first]: readonly ExclusiveParameter[]): string[] =>
    first === undefined
      ? []
      : [`${name}: layer ${first.layer} ${first.module} [${first.row}, ${first.column}], ${timesOf(first)}`];
  const alone = [...strongest(overlap.a, overlap.strongestOfA), ...strongest(overlap.b, overlap.strongestOfB)];
  const halves = halvesSentence(overlap, document);
  return [
    `${overlapInWords(overlap, document.deep)}.`,
    ...(halves === "" ? [] : [`  ${halves}`]),
    ...(alone.length > 0 && haveOwn(document, overlap)
      ? [`  Strongest in the top set of one only: ${alone.join("; ")}`]
      : []),
  ];
}

/** `28 x as strong`, of a weight that is in the top set of one domain only. */
function timesOf({ a, b }: ExclusiveParameter): string {
  const ratio = Math.max(a, b) / Math.min(a, b);
  return Number.isFinite(ratio)
    ? `${formatNumber(Number(ratio.toPrecision(2)))} x as strong as in the other`
    : "not active in the other";
}

/** Neurons that are named for every two domains. */
const NAMED = 3;

function neuronLines(document: DomainsDocument, all: NonNullable<DomainsDocument["neurons"]>): string[] {
  return all.map((pair) => {
    const { a, b, neurons } = pair;
    const named = neurons
      .filter((neuron) => isNeuronTold(document, pair, neuron) ?? areToldApart(neuron))
      .slice(0, NAMED)
      .map(({ layer, neuron, a: ofA, b: ofB, p }) => {
        const [who, ratio] = ofA > ofB ? [a, ofA / ofB] : [b, ofB / ofA];
        const times = Number.isFinite(ratio) ? `${formatNumber(ratio)} x` : "only";
        return `${layer}.${neuron} (${who} ${times}${p === undefined ? "" : `, p ${formatP(p)}`})`;
      });
    return `${a} and ${b}: ${named.length > 0 ? named.join(", ") : "none"}`;
  });
}

function densityTable({ domains }: DomainsDocument, density: readonly (readonly number[])[], style: Style): string[] {
  const columns = [{ title: "layer" }, ...domains.map(({ name }) => ({ title: name }))];
  const rows = elementAt(density, 0).map((_, layer) => [
    String(layer),
    ...density.map((of) => formatDensity(elementAt(of, layer))),
  ]);
  return table(columns, rows, style);
}
