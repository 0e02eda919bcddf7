import { ParamscopeError } from "../../errors";
import { quote } from "../../model/formats/quote";
import type { Imatrix, ImatrixEntry } from "./imatrix";

/** An importance matrix, and what it is called where it does not fit. */
export interface NamedImatrix {
  readonly name: string;
  readonly imatrix: Imatrix;
}

/**
 * What several importance matrices say together: sums and counts added up, so that each counts by its tokens. A tensor that some lack has what the others have.
 * @throws ParamscopeError where a tensor has another size in one than in another.
 */
export function mergeImatrices(all: readonly [NamedImatrix, ...NamedImatrix[]]): Imatrix {
  const [first] = all;
  const entries = new Map<string, ImatrixEntry>();
  for (const { name, imatrix } of all)
    for (const [tensor, entry] of imatrix.entries) {
      const known = entries.get(tensor);
      const sum = known === undefined ? entry : added(known, entry);
      if (sum === undefined)
        throw new ParamscopeError(
          `${name} has ${entry.sums.length} columns of ${quote(tensor)}, and ${first.name} has ${known?.sums.length}: they are of different models.`,
          "Merge importance matrices of one model.",
        );
      entries.set(tensor, sum);
    }
  return {
    entries,
    datasets: [...new Set(all.flatMap(({ imatrix }) => imatrix.datasets))],
    chunkSize: first.imatrix.chunkSize,
  };
}

/** Undefined where they are of different sizes. One number of tokens for all experts stands for as many for each. */
function added(a: ImatrixEntry, b: ImatrixEntry): ImatrixEntry | undefined {
  const matrices = Math.max(a.counts.length, b.counts.length);
  const countOf = ({ counts }: ImatrixEntry, matrix: number): number | undefined =>
    counts.length === 1 ? counts[0] : counts[matrix];
  if (a.sums.length !== b.sums.length || [a, b].some(({ counts }) => ![1, matrices].includes(counts.length)))
    return undefined;
  return {
    sums: a.sums.map((sum, i) => sum + (b.sums[i] ?? NaN)),
    counts: Float64Array.from({ length: matrices }, (_, i) => (countOf(a, i) ?? NaN) + (countOf(b, i) ?? NaN)),
  };
}
