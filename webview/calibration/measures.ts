import type { CalibrationDocument } from "../../src/engine/document/document";
import { elementAt } from "../../src/engine/numbers/elements";
import { formatChange, formatDensity, formatNumber } from "../../src/format/numbers";
import { timesInWords } from "../../src/format/perplexity-ratio";
import { ratioToDense } from "../../src/format/calibration";
import type { MeasureName } from "./view-state";

/** A figure that each calibration has on each evaluation. */
export interface Measure {
  readonly name: string;
  readonly value: (document: CalibrationDocument, calibration: number, evaluation: number) => number;
  readonly format: (value: number) => string;
  /** What is coloured, where that is not the value. */
  readonly coloured?: Pick<Measure, "name" | "value" | "format">;
}

function valueAt(cells: readonly (readonly number[])[], calibration: number, evaluation: number): number {
  return elementAt(elementAt(cells, calibration), evaluation);
}

const perplexity: Measure["value"] = (document, i, k) => valueAt(document.perplexity, i, k);

/** Domains are not alike hard to predict: only within a column perplexities can be compared. */
const aboveBest: Measure["coloured"] = {
  name: "more perplexity than with the best calibration of the column",
  value: (document, i, k) => perplexity(document, i, k) / bestOf(document, k) - 1,
  format: formatChange,
};

/** The measures that the heat map can show, by their names. */
export const measures: Record<MeasureName, Measure> = {
  perplexity: { name: "Perplexity", value: perplexity, format: formatNumber, coloured: aboveBest },
  increase: {
    name: "Perplexity beside dense",
    value: (document, i, k) => perplexity(document, i, k) / elementAt(document.dense, k) - 1,
    format: formatChange,
  },
  agreement: {
    name: "Agreement",
    value: (document, i, k) => valueAt(document.agreement, i, k),
    format: formatDensity,
  },
  divergence: {
    name: "Divergence",
    value: (document, i, k) => valueAt(document.divergence, i, k),
    format: formatNumber,
  },
};

/** The lowest perplexity on a domain. */
export function bestOf({ perplexity }: CalibrationDocument, evaluation: number): number {
  return Math.min(...perplexity.map((of) => elementAt(of, evaluation)));
}

/** The figures of one calibration on one evaluation, in words that follow what they are of. */
export function describeCell(document: CalibrationDocument, calibration: number, evaluation: number): string {
  const of = ({ value, format }: Pick<Measure, "value" | "format">) => format(value(document, calibration, evaluation));
  const { perplexity, agreement, divergence } = measures;
  const times = timesInWords(ratioToDense(document, calibration, evaluation), "dense");
  return (
    `${of(perplexity)} perplexity, ${times}, which has ${formatNumber(elementAt(document.dense, evaluation))}; ` +
    `agreement ${of(agreement)}, divergence ${of(divergence)}`
  );
}
