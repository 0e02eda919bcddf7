import { elementAt } from "../numbers/elements";
import { placesIn, type Batch } from "./batch";
import type { Unit } from "./reducers/reducer";

/** Samples of a batch, by their places in it, and what part of a set's mean each of them is. */
export interface SetMembers {
  readonly samples: readonly number[];
  readonly shares: readonly number[];
}

/** A set of a unit, both by their numbers, as far as it is in a batch. */
interface SetInBatch extends SetMembers {
  readonly unit: number;
  readonly set: number;
}

/** How a batch's samples make up sets. */
export interface BatchSets {
  readonly sets: readonly SetInBatch[];
  /** Units all of whose samples are in this batch: their tiles are final. */
  readonly whole: readonly number[];
}

/** How the samples of each batch make up sets. Takes as long as there are samples, however many batches and sets they are in. */
export function setsOfBatches(batches: readonly Batch[], units: readonly Unit[]): BatchSets[] {
  const places = placesIn(batches);
  const all = batches.map(() => ({ sets: [] as SetInBatch[], whole: [] as number[] }));
  for (const [unit, { sets, factors }] of units.entries()) {
    const samples = sets.reduce((sum, members) => sum + members.length, 0);
    const held = new Map<number, number>();
    for (const [set, members] of sets.entries()) {
      const found = new Map<number, { samples: number[]; shares: number[] }>();
      for (const sample of members)
        for (const { batch, at } of places.get(sample) ?? []) {
          let own = found.get(batch);
          if (own === undefined) {
            found.set(batch, (own = { samples: [], shares: [] }));
            elementAt(all, batch).sets.push({ unit, set, ...own });
          }
          own.samples.push(at);
          own.shares.push((factors?.[sample] ?? 1) / members.length);
          held.set(batch, (held.get(batch) ?? 0) + 1);
        }
    }
    for (const [batch, count] of held) if (count === samples) elementAt(all, batch).whole.push(unit);
  }
  return all;
}
