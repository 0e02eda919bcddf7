import { LastResult } from "../run/last-result";
import type { RuntimeWish } from "../runtime/runtime";
import type { Model } from "../model/model";
import type { Sample } from "../text/sample";
import type { CostMeasure, MeasuredCosts } from "./measure-costs";
import type { Rounding } from "./rounding";

/** What costs are of, beside their measure. */
interface Measured {
  readonly samples: readonly Sample[];
  readonly roundings: readonly Rounding[];
}

/**
 * What rounding a model's matrices costs, as it was measured with the last texts. Handed from run to run it spares the sweep
 * to every other size, text of evaluation and file of the same model and texts.
 */
export class KnownCosts {
  readonly #last: Readonly<
    Record<CostMeasure, LastResult<{ readonly formats: string; readonly costs: MeasuredCosts }>>
  > = { sensitivity: new LastResult(), activation: new LastResult() };

  find(run: RuntimeWish & { readonly model: Model }, measure: CostMeasure, of: Measured): MeasuredCosts | undefined {
    const known = this.#last[measure].find(run, idsOf(of));
    return known?.formats === formatsOf(of) ? known.costs : undefined;
  }

  keep(run: RuntimeWish & { readonly model: Model }, measure: CostMeasure, of: Measured, costs: MeasuredCosts): void {
    // where the time went is the measuring run's alone
    const kept = { ...costs, profile: new Map<string, number>() };
    this.#last[measure].keep(run, idsOf(of), { formats: formatsOf(of), costs: kept });
  }
}

const idsOf = ({ samples }: Measured): Int32Array[] => samples.map(({ ids }) => ids);

const formatsOf = ({ roundings }: Measured): string => roundings.map(({ name }) => name).join(" ");
