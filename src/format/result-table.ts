import type {
  AnalysisDocument,
  BitsDocument,
  CalibrationDocument,
  ComparisonDocument,
  DomainsDocument,
  FrequencyDocument,
  ModelsDocument,
  NeuronsDocument,
  PairsDocument,
  PatchingDocument,
  PruningDocument,
  ShrinkDocument,
} from "../engine/document/document";
import type { Table } from "./csv";
import { domainsLayers } from "./domains";
import { expertOf, hasExperts } from "./experts";
import { countedExperts } from "./counted-experts";
import { correlationOf } from "./frequency";
import { ratioToDense } from "./calibration";
import { stayingOf } from "./neurons";
import { contrastRelevance, hiddenRelevance } from "./pairs-findings";
import { intervalOf } from "./perplexity-ratio";
import { elementAt } from "../engine/numbers/elements";

/** What a result holds, for a spreadsheet, and what its rows are. */
export interface ResultTable extends Table {
  /** `Table of matrices` */
  readonly name: string;
}

const titled = (...titles: readonly string[]) => titles.map((title) => ({ title }));

/** Every matrix of an analysis, a row each. */
export function analysisTable(document: AnalysisDocument): ResultTable {
  // of a mixture the expert that a matrix is of, and how many of its layer's tokens reach it
  const withExperts = hasExperts(document);
  const titles = ["layer", "matrix", "parameters", "active", "density", "sum", "l2", "max", "zeros"];
  return {
    name: "Table of matrices",
    columns: titled(...titles, ...(withExperts ? ["expert", "tokens"] : [])),
    rows: document.layers.flatMap((layer) =>
      layer.modules.map(({ name, parameters, active, density, sum, l2, max, zeros }) => {
        const own = [layer.layer, name, parameters, active, density, sum, l2, max, zeros];
        if (!withExperts) return own;
        const of = expertOf(layer, name);
        return [...own, of?.expert ?? "", of?.tokens ?? layer.routing?.tokens ?? ""];
      }),
    ),
  };
}

/** Every tensor of a choice of formats, with what the chosen one takes and is expected to cost. */
export function bitsTable({ tensors }: BitsDocument): ResultTable {
  return {
    name: "Table of formats",
    columns: titled("layer", "matrix", "parameters", "columns", "format", "bytes", "cost", "output error"),
    rows: tensors.map(({ name, layer, parameters, columns, format, options }) => {
      const chosen = options.find((option) => option.format === format);
      return [
        layer ?? "",
        name,
        parameters,
        columns,
        format,
        chosen?.bytes ?? "",
        chosen?.cost ?? "",
        chosen?.outputError ?? "",
      ];
    }),
  };
}

/** Every layer of a shrinking, with what of it went. */
export function shrinkTable({ layers }: ShrinkDocument): ResultTable {
  return {
    name: "Table of layers",
    columns: titled("layer", "goes", "step", "units", "units that go", "score", "which"),
    rows: layers.map(({ layer, isGone, step, units, gone, score }) => [
      layer,
      isGone ? "yes" : "no",
      step ?? "",
      units,
      gone.length,
      score ?? "",
      gone.join(" "),
    ]),
  };
}

/** Every matrix of a comparison, a row each. */
export function comparisonTable({ layers }: ComparisonDocument): ResultTable {
  return {
    name: "Table of matrices",
    columns: titled("layer", "matrix", "parameters", "similarity", "overlap", "a", "b"),
    rows: layers.flatMap(({ layer, modules }) =>
      modules.map(({ name, parameters, similarity, overlap, a, b }) => [
        layer,
        name,
        parameters,
        similarity,
        overlap,
        a,
        b,
      ]),
    ),
  };
}

/** Every matrix of two models, a row each. */
export function modelsTable({ layers }: ModelsDocument): ResultTable {
  const figures = [
    ...(["parameters", "similarity", "overlap", "norm", "changeNorm", "relative", "changed", "zeroed"] as const),
    ...(["effect", "usage", "a", "b"] as const),
  ];
  return {
    name: "Table of matrices",
    columns: titled(
      ...["layer", "matrix", "parameters", "similarity", "overlap", "norm", "norm of change", "relative change"],
      ...["weights changed", "of them 0", "effect", "usage", "a", "b"],
    ),
    rows: layers.flatMap(({ layer, modules }) =>
      modules.map((module) => [layer, module.name, ...figures.map((figure) => module[figure] ?? "")]),
    ),
  };
}

/** Every pair of sentences: how alike it is by everything over the deep layers, and its similarity in every layer. */
export function pairsTable({ pairs, model, deep }: PairsDocument): ResultTable {
  const layers = Array.from({ length: model.layers }, (_, layer) => layer);
  return {
    name: "Table of pairs",
    columns: titled(
      ...["a", "b", "score", "relevance", "contrast relevance", "hidden states", "tf-idf", "jaccard"],
      ...layers.map((layer) => `similarity ${layer}`),
    ),
    rows: pairs.map((pair) => [
      ...[pair.a, pair.b, pair.score, pair.relevance],
      ...[contrastRelevance(pair, deep), hiddenRelevance(pair, deep), pair.tfidf, pair.jaccard].map(
        (figure) => figure ?? "",
      ),
      ...pair.similarity,
    ]),
  };
}

/** Every pair of texts of domains, in every layer. */
export function domainsTable({ pairs }: DomainsDocument): ResultTable {
  return {
    name: "Table of pairs of texts",
    columns: titled("domain a", "domain b", "layer", "pair", "similarity", "contrast"),
    rows: pairs.flatMap(({ a, b, similarity, contrast }) =>
      similarity.flatMap((values, layer) =>
        values.map((value, pair) => [a, b, layer, pair, value, contrast?.[layer]?.[pair] ?? ""]),
      ),
    ),
  };
}

/** The layers of domains: of every two texts there would be too many rows to read. */
export function domainsByLayer(document: DomainsDocument): ResultTable {
  return {
    name: "Median similarity of two texts by layer",
    columns: titled("layer", "within a domain", "across domains", "mean difference", "low", "high", "p"),
    rows: domainsLayers(document).map(({ layer, medians, tested, p }) => [
      layer,
      medians.within,
      medians.across,
      tested?.difference ?? "",
      ...(tested?.interval ?? ["", ""]),
      p,
    ]),
  };
}

/** Every layer, and of a mixture behind it its experts, with the numbers of weights by in how many samples they are active. */
export function frequencyTable(document: FrequencyDocument): ResultTable {
  const { layers } = document;
  const numbers = Array.from(layers[0]?.counts ?? [], (_, times) => String(times));
  const experts = countedExperts(document);
  if (experts.length === 0)
    return {
      name: "Table of layers",
      columns: titled("layer", "intraclass correlation", ...numbers),
      rows: layers.map((layer) => [layer.layer, correlationOf(layer) ?? "", ...layer.counts]),
    };
  return {
    name: "Table of layers and experts",
    columns: titled("layer", "expert", "samples that reach it", "intraclass correlation", ...numbers),
    rows: layers.flatMap((layer) => [
      [layer.layer, "", "", correlationOf(layer) ?? "", ...layer.counts],
      ...experts
        .filter((expert) => expert.layer === layer.layer)
        .map(({ expert, samples: own, correlation, counts }) => [
          layer.layer,
          expert,
          own,
          correlation ?? "",
          ...counts,
        ]),
    ]),
  };
}

/** Every place that was patched, by layer and position. */
export function patchingTable({ a, b, grid, values, nextTokens }: PatchingDocument): ResultTable {
  return {
    name: "Table of layers and positions",
    columns: titled("layer", "position", "a", "b", "share of a", "difference of logits", "next token", "probability"),
    rows: values.flatMap((row, layer) =>
      row.map((value, position) => {
        const next = nextTokens[layer]?.[position]?.at(0);
        return [
          layer,
          position,
          elementAt(a.tokens, position).text,
          elementAt(b.tokens, position).text,
          grid?.[layer]?.[position] ?? "",
          value,
          next?.text ?? "",
          next?.probability ?? "",
        ];
      }),
    ),
  };
}

/** Every matrix of a pruning, a row each. */
export function pruningTable({ layers }: PruningDocument): ResultTable {
  return {
    name: "Table of matrices",
    columns: titled("layer", "density", "planned sparsity", "matrix", "parameters", "zeros", "kept", "dense"),
    rows: layers.flatMap(({ layer, density, sparsity, modules }) =>
      modules.map(({ name, parameters, zeros, kept, dense }) => [
        layer,
        density ?? "",
        sparsity,
        name,
        parameters,
        zeros,
        kept,
        dense,
      ]),
    ),
  };
}

/** Every calibration with every evaluation. */
export function calibrationTable(document: CalibrationDocument): ResultTable {
  const { calibrations, evaluations, dense, perplexity, agreement, divergence } = document;
  return {
    name: "Table of calibrations",
    columns: titled(
      "calibration",
      "evaluation",
      "dense perplexity",
      "perplexity",
      "ratio",
      "low",
      "high",
      "agreement",
      "divergence",
    ),
    rows: calibrations.flatMap(({ name }, i) =>
      evaluations.map((evaluation, k) => {
        const ratio = ratioToDense(document, i, k);
        return [
          name,
          evaluation.name,
          elementAt(dense, k),
          elementAt(elementAt(perplexity, i), k),
          ratio.ratio,
          ...(intervalOf(ratio) ?? ["", ""]),
          elementAt(elementAt(agreement, i), k),
          elementAt(elementAt(divergence, i), k),
        ];
      }),
    ),
  };
}

/** Every share of neurons that was deactivated, by criterion. */
export function neuronsTable(document: NeuronsDocument): ResultTable {
  return {
    name: "Table of shares",
    columns: titled("criterion", "share deactivated", "agreement", "kl", "stay", "samples", "low", "high"),
    rows: document.curves.flatMap(({ criterion, points }) =>
      points.map((point) => {
        const { stays, of, interval } = stayingOf(document, point);
        return [criterion, point.share, point.agreement, point.kl, stays, of, ...interval];
      }),
    ),
  };
}
