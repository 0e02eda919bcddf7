import { LastResult } from "../run/last-result";
import type { RuntimeWish } from "../runtime/runtime";
import type { Model } from "../model/model";
import type { Sample } from "../text/sample";
import type { Importance } from "./input-importance";
import type { Rounding } from "./rounding";
import type { FormatCost } from "./rounding-costs";

/** What costs are measured by: the loss to the second order, or the spread of a prediction to the first. */
export type CostMeasure = "sensitivity" | "activation";

/** What rounding a model's matrices costs some texts. */
export interface CostsOfRounding {
  /** Per tensor what each format costs it, by the format's name. */
  readonly costs: readonly ReadonlyMap<string, FormatCost>[];
  /** How much an error in each column of a matrix counts, where texts say so. */
  readonly importance: Importance;
}

/** The model that ran, and what computed. */
type Run = RuntimeWish & { readonly model: Model };

/** What costs are of, beside their measure. */
interface Measured {
  readonly samples: readonly Sample[];
  readonly roundings: readonly Rounding[];
}

type LastCosts = LastResult<{ readonly formats: string; readonly costs: CostsOfRounding }>;

/**
 * What rounding a model's matrices costs, as it was measured with the last texts. Handed from run to run it spares the sweep
 * to every other size, text of evaluation and file of the same model and texts.
 */
export class KnownCosts {
  readonly #last: Readonly<Record<CostMeasure, LastCosts>> = {
    sensitivity: new LastResult(),
    activation: new LastResult(),
  };

  find(run: Run, measure: CostMeasure, of: Measured): CostsOfRounding | undefined {
    const known = this.#last[measure].find(run, idsOf(of));
    return known?.formats === formatsOf(of) ? known.costs : undefined;
  }

  keep(run: Run, measure: CostMeasure, of: Measured, { costs, importance }: CostsOfRounding): void {
    this.#last[measure].keep(run, idsOf(of), { formats: formatsOf(of), costs: { costs, importance } });
  }
}

const idsOf = ({ samples }: Measured): Int32Array[] => samples.map(({ ids }) => ids);

const formatsOf = ({ roundings }: Measured): string => roundings.map(({ name }) => name).join(" ");
