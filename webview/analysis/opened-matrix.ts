import type { AnalysisModule } from "../../src/engine/document/document";
import type { Active } from "../../src/engine/document/threshold-index";
import { elementAt } from "../../src/engine/numbers/elements";
import { matrixGrid } from "../../src/format/matrix-grid";
import type { Panel } from "./panel";

/** The id of the heat map of matrices, to move the focus to. */
export const matricesMap = "matrices-map";

/** The matrix in the place of the heat map, and what is active of it. */
export interface OpenedMatrix {
  readonly layer: number;
  readonly module: AnalysisModule;
  readonly active: Active;
  /** `q` for `self_attn.q_proj`. */
  readonly title: string;
}

/** The matrix that the view stands on. */
export function openedMatrix(
  { document, activity, view }: Panel,
  grid = matrixGrid(document),
): OpenedMatrix | undefined {
  const m = grid.moduleAt(view);
  if (m === undefined) return undefined;
  const layer = elementAt(document.layers, view.row);
  return {
    layer: layer.layer,
    module: elementAt(layer.modules, m),
    active: elementAt(elementAt(activity.layers, view.row).modules, m),
    title: elementAt(grid.titles, view.column),
  };
}

/** Back to the heat map, on the cell that was left. */
export function closeMatrix({ change, focus }: Pick<Panel, "change" | "focus">): void {
  change({ opened: false });
  focus(document.getElementById(matricesMap) ? matricesMap : "matrices-title");
}
