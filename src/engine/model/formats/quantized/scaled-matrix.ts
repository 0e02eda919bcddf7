import { elementAt } from "../../../numbers/elements";
import { readCodedRows, type CodedRows, type Groups, type ScaleGrid } from "./coded-rows";
import { elements, FLOATS, readFloats, type Decoder, type StoredTensor, type Tensors } from "./stored";

/** A matrix of codes `[out, in]` with a tensor of scales. */
export interface ScaledMatrix {
  readonly type: string;
  readonly rows: CodedRows;
  readonly scale: StoredTensor;
  readonly zeros?: ScaleGrid["zeros"];
  /** Rows and columns that share a scale, where that is not the same for all; else what the shape of the scales says. */
  readonly block?: readonly [rows: number, columns: number];
  /** Where groups are not all neighbouring columns. */
  readonly groups?: Groups;
  /** Stored tensors beside codes and scales. */
  readonly others?: readonly StoredTensor[];
}

const SCALES = [...FLOATS, "F8_E8M0"];

/**
 * How a matrix of codes is read whose scales are one for the whole, one for each row (`[out, 1]`), one for each group of a row (`[out, groups]`), or one for
 * each block (`[⌈out/rows⌉, ⌈in/columns⌉]`).
 * @throws ParamscopeError where the scales' shape is none of these.
 */
export function scaledMatrix(
  tensors: Tensors,
  { type, rows, scale, zeros, block, groups, others = [] }: ScaledMatrix,
): Decoder {
  const { rows: out, columns } = rows;
  const [gridRows, gridColumns] = gridOf(scale, out);
  const [blockRows, blockColumns] = block ?? [out / gridRows, columns / gridColumns];
  const fits = (size: number, block: number, count: number): boolean =>
    Number.isInteger(block) && Math.ceil(size / block) === count;
  const isGrid = fits(out, blockRows, gridRows) && (groups !== undefined || fits(columns, blockColumns, gridColumns));
  if (!SCALES.includes(scale.type) || !isGrid)
    tensors.misfit(scale, `a float for every row, group or block of [${out}, ${columns}]`);
  const grid: ScaleGrid = {
    blockRows,
    columns: gridColumns,
    groups: groups ?? blockColumns,
    scales: (from, to) => readFloats(scale, from * gridColumns, to * gridColumns),
    zeros,
  };
  return {
    shape: [out, columns],
    type,
    parts: [rows.codes, scale, ...others],
    read: (wanted, buffers) => readCodedRows(rows, grid, wanted, buffers),
  };
}

/** The grid that scales of a shape are: one alone, or a vector of one for each row, have no columns. */
function gridOf(scale: StoredTensor, out: number): readonly [rows: number, columns: number] {
  const count = elements(scale);
  if (count === 1) return [1, 1];
  if (scale.shape.length === 2) return [elementAt(scale.shape, 0), elementAt(scale.shape, 1)];
  return [count === out ? count : NaN, 1];
}
