import type { Model } from "../model/model";
import { LastResult } from "../run/last-result";
import type { RuntimeWish } from "../runtime/runtime";
import { type Target, targetName } from "../sweep/target";
import type { Sample } from "../text/sample";
import type { ShrinkWay, Structure } from "./options";

/** The model that ran, what was differentiated, and what computed. */
type Run = RuntimeWish & { readonly model: Model; readonly target: Target };

/** Per group what each unit that is left comes to; undefined: the group has none. */
export type GroupScores = readonly (Float64Array | undefined)[];

/** A measurement of a choice in steps. What is gone before it follows from the texts, the way, and how many went in each step. */
export interface Measurement {
  readonly samples: readonly Sample[];
  readonly structure: Structure;
  readonly way: ShrinkWay;
  /** How many of each group were gone behind each of the steps before. */
  readonly behind: readonly number[];
}

/**
 * What units came to, as it was measured with the last texts of a model. Handed from run to run it spares the measurements to every other text that what is left is
 * evaluated on, to every export, and to as many steps as a smaller choice has with a larger one in common: layers that go one by one all of them.
 */
export class KnownScores {
  readonly #last = new LastResult<Map<string, GroupScores>>();

  find(run: Run, measurement: Measurement): GroupScores | undefined {
    return this.#last.find(run, idsOf(measurement))?.get(keyOf(run, measurement));
  }

  keep(run: Run, measurement: Measurement, scores: GroupScores): void {
    const ids = idsOf(measurement);
    const known = this.#last.find(run, ids) ?? new Map<string, GroupScores>();
    known.set(keyOf(run, measurement), scores);
    this.#last.keep(run, ids, known);
  }
}

const idsOf = ({ samples }: Measurement): Int32Array[] => samples.map(({ ids }) => ids);

const keyOf = ({ target, model }: Run, { structure, way, behind }: Measurement): string =>
  JSON.stringify([targetName(target, model.tokenizer), structure, way, ...behind]);
