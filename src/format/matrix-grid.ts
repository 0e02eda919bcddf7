import { namesOfMatrices, numberedName, shortNames } from "./matrix-names";

/** A place in a grid: the row is the place of a layer among the layers. */
interface Cell {
  readonly row: number;
  readonly column: number;
}

/** The matrices of all layers as a grid: layers down, names across, all experts' matrices of one name in one column. */
export interface GroupedGrid {
  /** `q`, …; of experts' `gate ×16`. */
  readonly titles: readonly string[];
  /** Whether a column is of several matrices of a layer. */
  readonly isGroup: (column: number) => boolean;
  /** The places of a cell's matrices among its layer's modules. */
  readonly modulesAt: (cell: Cell) => readonly number[];
  /** The column that the matrix of that name is in; −1 where there is none. */
  readonly columnOf: (name: string) => number;
  /** `q`, `expert 3 gate` */
  readonly titleOf: (name: string) => string;
}

interface Layered {
  readonly layers: readonly { readonly modules: readonly { readonly name: string }[] }[];
}

/** The grid of a document's matrices, a column for all experts' of one name: a mixture may have hundreds in a layer. */
export function groupedGrid({ layers }: Layered): GroupedGrid {
  const names = namesOfMatrices(layers);
  const columnNames = [...new Set(names.map(columnName))];
  const firstOf = new Map(names.toReversed().map((name) => [columnName(name), name]));
  const firstNames = columnNames.map((name) => firstOf.get(name) ?? name);
  const columns = new Map(columnNames.map((name, column) => [name, column]));
  const places = layers.map(({ modules }) => {
    const own = columnNames.map((): number[] => []);
    modules.forEach(({ name }, module) => own[columns.get(columnName(name)) ?? -1]?.push(module));
    return own;
  });
  const isGroup = (column: number): boolean => columnNames[column]?.endsWith(EXPERTS) ?? false;
  const shorts = shortNames(firstNames).map((short) => short.replace(/^expert \d+ /, ""));
  return {
    titles: shorts.map((short, column) =>
      isGroup(column) ? `${short} ×${Math.max(...places.map((layer) => layer[column]?.length ?? 0))}` : short,
    ),
    isGroup,
    modulesAt: ({ row, column }) => places[row]?.[column] ?? [],
    columnOf: (name) => columns.get(columnName(name)) ?? -1,
    titleOf: (name) => {
      const { expert } = numberedName(name);
      const short = shorts[columns.get(columnName(name)) ?? -1] ?? name;
      return expert === undefined ? short : `expert ${expert} ${short}`;
    },
  };
}

/** The same with the matrices of one expert alone in the columns of experts; undefined: with all of them. */
export function gridOf({ layers }: Layered, expert: number | undefined): GroupedGrid {
  const grid = groupedGrid({ layers });
  if (expert === undefined) return grid;
  const names = layers.map(({ modules }) => modules.map(({ name }) => name));
  return {
    ...grid,
    titles: grid.titles.map((title, column) =>
      grid.isGroup(column) ? `expert ${expert} ${title.replace(/ ×\d+$/, "")}` : title,
    ),
    modulesAt: (cell) =>
      grid
        .modulesAt(cell)
        .filter(
          (module) => !grid.isGroup(cell.column) || numberedName(names[cell.row]?.[module] ?? "").expert === expert,
        ),
  };
}

/** The experts that the layers have matrices of, by number; none of a model without. */
export function expertsIn({ layers }: Layered): number[] {
  const experts = new Set(namesOfMatrices(layers).flatMap((name) => numberedName(name).expert ?? []));
  return [...experts].sort((a, b) => a - b);
}

/** Behind the name of a column of experts' matrices, so that it is no matrix's own. */
const EXPERTS = " of experts";

function columnName(name: string): string {
  const numbered = numberedName(name);
  return numbered.expert === undefined ? name : numbered.name + EXPERTS;
}
