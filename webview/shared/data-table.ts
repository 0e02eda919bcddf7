/** What a chart shows, as rows of text: the table view, and the CSV that is exported. */
export interface DataTable {
  readonly caption: string;
  readonly columns: readonly { readonly title: string; readonly text?: boolean }[];
  readonly rows: readonly (readonly (string | number)[])[];
  /** How numbers of a column are written in the table; CSV has them as they are. */
  readonly format?: readonly ((value: number) => string)[];
}
