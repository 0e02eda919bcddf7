import { elementAt } from "../numbers/elements";
import { tensor, type FloatTensor } from "../runtime/runtime";
import { placesIn, type Batch } from "./batch";
import type { Unit } from "./reducers/reducer";

/** A set of a unit, both by their numbers. */
interface SetInBatch {
  readonly unit: number;
  readonly set: number;
}

/** How a batch's samples make up sets. */
export interface BatchSets {
  readonly sets: readonly SetInBatch[];
  /** What part of each set's mean each sample is, `[sets, samples]`; undefined: every sample is a set of its own, in order. */
  readonly shares: FloatTensor | undefined;
  /** Units all of whose samples are in this batch: their tiles are final. */
  readonly whole: readonly number[];
}

/** How the samples of each batch make up sets. Takes as long as there are samples, however many batches and sets they are in. */
export function setsOfBatches(batches: readonly Batch[], units: readonly Unit[]): BatchSets[] {
  const places = placesIn(batches);
  const all = batches.map((batch) => ({
    batch,
    sets: [] as SetInBatch[],
    rows: [] as number[][],
    whole: [] as number[],
  }));
  for (const [unit, { sets, factors }] of units.entries()) {
    const samples = sets.reduce((sum, members) => sum + members.length, 0);
    const held = new Map<number, number>();
    for (const [set, members] of sets.entries()) {
      const rowOf = new Map<number, number[]>();
      for (const sample of members)
        for (const { batch, at } of places.get(sample) ?? []) {
          let row = rowOf.get(batch);
          if (row === undefined) {
            const own = elementAt(all, batch);
            rowOf.set(batch, (row = own.batch.samples.map(() => 0)));
            own.sets.push({ unit, set });
            own.rows.push(row);
          }
          row[at] = (factors?.[sample] ?? 1) / members.length;
          held.set(batch, (held.get(batch) ?? 0) + 1);
        }
    }
    for (const [batch, count] of held) if (count === samples) elementAt(all, batch).whole.push(unit);
  }
  return all.map(({ batch: { samples }, sets, rows, whole }) => ({
    sets,
    whole,
    shares: sharesOf(rows, samples.length),
  }));
}

/** Rows of shares, one per set, as the score graph takes them. */
function sharesOf(rows: readonly (readonly number[])[], samples: number): FloatTensor | undefined {
  const each = rows.length === samples && rows.every((row, i) => row.every((share, j) => share === (i === j ? 1 : 0)));
  return each ? undefined : tensor(Float32Array.from(rows.flat()), rows.length, samples);
}
