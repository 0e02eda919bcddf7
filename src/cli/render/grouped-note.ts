import { listed } from "../../format/claims";
import type { GroupedGrid } from "../../format/matrix-grid";

/** Behind a table with columns of experts, what their names say: `×16: the matrices of that name of 16 experts together.` */
export function groupedNote({ titles, isGroup }: GroupedGrid): string[] {
  const grouped = titles.filter((_, column) => isGroup(column));
  if (grouped.length === 0) return [];
  const counts = [...new Set(grouped.map((title) => title.slice(title.lastIndexOf("×") + 1)))];
  return [
    "",
    `${counts.map((count) => `×${count}`).join(", ")}: the matrices of that name of ${listed(counts)} experts together.`,
  ];
}
