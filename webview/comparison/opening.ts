import type { Cell } from "../shared/grid-keys";
import type { Panel } from "./panel";

/** The id of the heat map of matrices, to move the focus to. */
export const matricesMap = "matrices-map";

/** One matrix in the place of the heat map; of a column of experts that of `expert`, else of the one that is chosen. */
export function openMatrix(
  { change, focus }: Pick<Panel, "change" | "focus">,
  { row, column, expert }: Cell & { readonly expert?: number | undefined },
): void {
  change({ row, column, opened: true, head: 0, ...(expert !== undefined && { expert }) });
  focus("matrix-title");
}

/** Back to the heat map, on the cell that was left. */
export function closeMatrix({ change, focus }: Pick<Panel, "change" | "focus">): void {
  change({ opened: false });
  focus(document.getElementById(matricesMap) ? matricesMap : "matrices-title");
}
