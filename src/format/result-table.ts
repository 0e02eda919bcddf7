import type {
  AnalysisDocument,
  CalibrationDocument,
  ComparisonDocument,
  DomainsDocument,
  FrequencyDocument,
  NeuronsDocument,
  ParamscopeDocument,
  PairsDocument,
  PatchingDocument,
  PruningDocument,
} from "../engine/document/document";
import type { Table } from "./csv";
import { elementAt } from "../engine/numbers/elements";

/** What a result holds, for a spreadsheet, and what its rows are. */
export interface ResultTable extends Table {
  /** `Table of matrices` */
  readonly name: string;
}

/** Every figure of a result that stands for one thing: a matrix, a pair, a place. */
export function resultTable(document: ParamscopeDocument): ResultTable {
  switch (document.format) {
    case "paramscope.analysis":
      return matrices(document);
    case "paramscope.comparison":
      return comparedMatrices(document);
    case "paramscope.pairs":
      return sentencePairs(document);
    case "paramscope.domains":
      return domainPairs(document);
    case "paramscope.frequency":
      return numbersOfSamples(document);
    case "paramscope.patching":
      return places(document);
    case "paramscope.pruning":
      return prunedMatrices(document);
    case "paramscope.calibration":
      return calibrations(document);
    case "paramscope.neurons":
      return deactivations(document);
  }
}

const titled = (...titles: readonly string[]) => titles.map((title) => ({ title }));

function matrices({ layers }: AnalysisDocument): ResultTable {
  return {
    name: "Table of matrices",
    columns: titled("layer", "matrix", "parameters", "active", "density", "sum", "l2", "max", "zeros"),
    rows: layers.flatMap(({ layer, modules }) =>
      modules.map(({ name, parameters, active, density, sum, l2, max, zeros }) => [
        layer,
        name,
        parameters,
        active,
        density,
        sum,
        l2,
        max,
        zeros,
      ]),
    ),
  };
}

function comparedMatrices({ layers }: ComparisonDocument): ResultTable {
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

function sentencePairs({ pairs, model }: PairsDocument): ResultTable {
  const layers = Array.from({ length: model.layers }, (_, layer) => layer);
  return {
    name: "Table of pairs",
    columns: titled("a", "b", "score", "relevance", ...layers.map((layer) => `similarity ${layer}`)),
    rows: pairs.map(({ a, b, score, relevance, similarity }) => [a, b, score, relevance, ...similarity]),
  };
}

function domainPairs({ pairs }: DomainsDocument): ResultTable {
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

function numbersOfSamples({ layers, samples }: FrequencyDocument): ResultTable {
  const numbers = Array.from({ length: samples + 1 }, (_, times) => String(times));
  return {
    name: "Table of layers",
    columns: titled("layer", "variance against chance", ...numbers),
    rows: layers.map(({ layer, varianceRatio, counts }) => [layer, varianceRatio ?? "", ...counts]),
  };
}

function places({ a, b, grid, values, nextTokens }: PatchingDocument): ResultTable {
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

function prunedMatrices({ layers }: PruningDocument): ResultTable {
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

function calibrations({
  calibrations,
  evaluations,
  dense,
  perplexity,
  agreement,
  divergence,
}: CalibrationDocument): ResultTable {
  return {
    name: "Table of calibrations",
    columns: titled("calibration", "evaluation", "dense perplexity", "perplexity", "agreement", "divergence"),
    rows: calibrations.flatMap(({ name }, i) =>
      evaluations.map((evaluation, k) => [
        name,
        evaluation.name,
        elementAt(dense, k),
        elementAt(elementAt(perplexity, i), k),
        elementAt(elementAt(agreement, i), k),
        elementAt(elementAt(divergence, i), k),
      ]),
    ),
  };
}

function deactivations({ curves }: NeuronsDocument): ResultTable {
  return {
    name: "Table of shares",
    columns: titled("criterion", "share deactivated", "agreement", "kl"),
    rows: curves.flatMap(({ criterion, points }) =>
      points.map(({ share, agreement, kl }) => [criterion, share, agreement, kl]),
    ),
  };
}
