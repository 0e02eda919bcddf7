import type { AnalysisModule } from "../../src/engine/document/document";
import type { Active } from "../../src/engine/document/threshold-index";
import { elementAt } from "../../src/engine/numbers/elements";
import { groupedGrid } from "../../src/format/matrix-grid";
import { numberedName } from "../../src/format/matrix-names";
import type { Panel } from "./panel";

/** The id of the heat map of matrices, to move the focus to. */
export const matricesMap = "matrices-map";

/** The matrix in the place of the heat map, and what is active of it. */
export interface OpenedMatrix {
  readonly layer: number;
  readonly module: AnalysisModule;
  readonly active: Active;
  /** `q` for `self_attn.q_proj`, `expert 3 gate` for an expert's. */
  readonly title: string;
  /** Of an expert's matrix: which of those in its cell it is, and which experts' are there. */
  readonly among?: { readonly expert: number; readonly experts: readonly number[] };
}

/** The matrix that the view stands on; of experts' that of the expert that is chosen, else of the one with most activation. */
export function openedMatrix(
  { document, activity, view }: Panel,
  grid = groupedGrid(document),
): OpenedMatrix | undefined {
  const places = grid.modulesAt(view);
  if (places.length === 0) return undefined;
  const { layer, modules } = elementAt(document.layers, view.row);
  const expertAt = (place: number): number => numberedName(elementAt(modules, place).name).expert ?? 0;
  const strongest = places.reduce((a, b) => (elementAt(modules, b).sum > elementAt(modules, a).sum ? b : a));
  const place = places.find((each) => expertAt(each) === view.expert) ?? strongest;
  const module = elementAt(modules, place);
  return {
    layer,
    module,
    active: elementAt(elementAt(activity.layers, view.row).modules, place),
    title: grid.titleOf(module.name),
    ...(grid.isGroup(view.column) && { among: { expert: expertAt(place), experts: places.map(expertAt) } }),
  };
}

/** Opens the matrix of that name, of a layer by its number; of an expert's that expert's. */
export function openMatrix({ document, change, focus }: Panel, layer: number, name: string): void {
  const row = document.layers.findIndex((each) => each.layer === layer);
  const column = groupedGrid(document).columnOf(name);
  if (row < 0 || column < 0) return;
  const { expert } = numberedName(name);
  change({ row, column, opened: true, ...(expert !== undefined && { expert }) });
  focus("matrix-title");
}

/** Back to the heat map, on the cell that was left. */
export function closeMatrix({ change, focus }: Pick<Panel, "change" | "focus">): void {
  change({ opened: false });
  focus(document.getElementById(matricesMap) ? matricesMap : "matrices-title");
}
