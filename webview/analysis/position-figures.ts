import type { AnalysisDocument, PositionsDescription } from "../../src/engine/document/document";
import { readPositions } from "../../src/engine/document/read-positions";
import { groupedGrid, type GroupedGrid } from "../../src/format/matrix-grid";
import { madeOnce } from "../shared/made-once";
import { logScale, roundedUp, type Scale } from "../shared/scales";

/** What a page draws of positions, worked out once: a frame has no time for it. */
export interface PositionFigures {
  readonly described: PositionsDescription;
  /** Per position the share of its activation that each layer holds. */
  readonly layers: readonly (readonly number[])[];
  /** The same of the result. */
  readonly ofResult: readonly number[];
  /** A round share that none of them is above. */
  readonly end: number;
  readonly grid: GroupedGrid;
  /** Per position, layer and column of the grid the share of the position's activation; undefined where there is no such matrix. */
  readonly cells: readonly (readonly (readonly (number | undefined)[])[])[];
  /** Of all positions' cells. */
  readonly scale: Scale;
  /** Per position the saliency of its tokens. */
  readonly saliency: readonly Float32Array[];
}

/** Marks of the scale of layers. */
export const TICKS = 4;

/** The figures of positions; undefined where they are not of this document's layers and tokens, as in an edited file. */
export function positionFigures(
  document: AnalysisDocument,
  positions: PositionsDescription,
): PositionFigures | undefined {
  return figuresIn(document)(positions).figures;
}

const figuresIn = madeOnce((document: AnalysisDocument) =>
  madeOnce((positions: PositionsDescription) => ({ figures: made(document, positions) })),
);

function made(document: AnalysisDocument, described: PositionsDescription): PositionFigures | undefined {
  const { matrices, first, at, sample } = described;
  const { layers: own } = document;
  const grid = groupedGrid(document);
  const columns = matrices.map((names) => names.map((name) => grid.columnOf(name)));
  const tokens = document.samples.at(sample)?.tokens.length ?? 0;
  const { sums, saliency } = readPositions(described);
  const isWhole = sums.every((all) => all.every((sum) => sum >= 0 && sum < Infinity));
  if (!isWhole || matrices.length !== own.length || columns.flat().includes(-1) || first + at.length > tokens)
    return undefined;
  const cells = sums.map((all) => {
    const total = sumOf(all);
    let cell = 0;
    return columns.map((ofLayer) => {
      const shares = new Array<number | undefined>(grid.titles.length).fill(undefined);
      for (const column of ofLayer) shares[column] = total > 0 ? all[cell++]! / total : 0;
      return shares;
    });
  });
  const layers = cells.map((rows) => rows.map((row) => sumOf(row.map((share) => share ?? 0))));
  const total = sumOf(own.map(({ sum }) => sum));
  const ofResult = own.map(({ sum }) => (total > 0 ? sum / total : 0));
  const highest = [...layers.flat(), ...ofResult].reduce((max, share) => Math.max(max, share), 0);
  return {
    described,
    layers,
    ofResult,
    end: highest > 0 ? roundedUp(highest, TICKS) : 1,
    grid,
    cells,
    scale: logScale(cells.flat(2).flatMap((share) => share ?? [])),
    saliency,
  };
}

function sumOf(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
