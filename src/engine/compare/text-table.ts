import { elementAt } from "../numbers/elements";

/** Texts every two of which were compared. */
export interface TextTable {
  /** The domain of each. */
  readonly labels: readonly number[];
  /** How alike every two are, in several ways (in layers, say): of text 1 with 0, 2 with 0, 2 with 1, 3 with 0 and so on. */
  readonly columns: readonly (readonly number[])[];
}

/** Where the pair of texts `i` and `j` stands in a column. */
export function pairAt(i: number, j: number): number {
  const [larger, smaller] = i > j ? [i, j] : [j, i];
  return (larger * (larger - 1)) / 2 + smaller;
}

/** The columns of some texts, by their numbers, ascending. */
export function columnsOf(columns: TextTable["columns"], texts: readonly number[]): number[][] {
  const pairs = texts.flatMap((i, place) => texts.slice(0, place).map((j) => pairAt(i, j)));
  return columns.map((column) => pairs.map((pair) => elementAt(column, pair)));
}

/** The tables of the texts of two domains only; without those that have fewer than two. */
export function ofTwoDomains(tables: readonly TextTable[], a: number, b: number): TextTable[] {
  return tables.flatMap(({ labels, columns }) => {
    const texts = [...labels.keys()].filter((text) => labels[text] === a || labels[text] === b);
    if (texts.length < 2) return [];
    return [{ labels: texts.map((text) => elementAt(labels, text)), columns: columnsOf(columns, texts) }];
  });
}
