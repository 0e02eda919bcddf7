import { expect, test } from "vitest";
import { moveCell, moveThreshold } from "../../webview/shared/grid-keys";
import { cellAt, heatMapLayout } from "../../webview/shared/heat-map-layout";

const size = { rows: 12, columns: 7 };

test.each([
  ["ArrowUp", { row: 4, column: 3 }],
  ["ArrowDown", { row: 6, column: 3 }],
  ["ArrowLeft", { row: 5, column: 2 }],
  ["ArrowRight", { row: 5, column: 4 }],
  ["Home", { row: 5, column: 0 }],
  ["End", { row: 5, column: 6 }],
  ["PageUp", { row: 0, column: 3 }],
  ["PageDown", { row: 11, column: 3 }],
])("%s moves the cell", (key, expected) => {
  expect(moveCell({ row: 5, column: 3 }, size, { key })).toEqual(expected);
});

test("cells stay within the grid, Ctrl goes to its corners, other keys move nothing", () => {
  expect(moveCell({ row: 0, column: 0 }, size, { key: "ArrowUp" })).toEqual({ row: 0, column: 0 });
  expect(moveCell({ row: 11, column: 6 }, size, { key: "ArrowRight" })).toEqual({ row: 11, column: 6 });
  expect(moveCell({ row: 5, column: 3 }, size, { key: "Home", ctrlKey: true })).toEqual({ row: 0, column: 0 });
  expect(moveCell({ row: 5, column: 3 }, size, { key: "End", ctrlKey: true })).toEqual({ row: 11, column: 6 });
  expect(moveCell({ row: 5, column: 3 }, size, { key: "a" })).toBeUndefined();
});

test("keys move a threshold by a bin or an octave, within its limits", () => {
  const limits = { lowest: 1e-9, highest: 1 };
  expect(moveThreshold(0.25, limits, "PageUp")).toBe(0.5);
  expect(moveThreshold(0.25, limits, "PageDown")).toBe(0.125);
  expect(moveThreshold(0.25, limits, "ArrowRight")).toBeCloseTo(0.25 * 2 ** (1 / 16));
  expect(moveThreshold(0.75, limits, "PageUp")).toBe(1);
  expect(moveThreshold(0.75, limits, "Home")).toBe(1e-9);
  expect(moveThreshold(0.75, limits, "Enter")).toBeUndefined();
});

test("a point of the heat map is a cell", () => {
  const map = { rows: new Array<string>(12), columns: new Array<string>(7), width: 500, rowHeight: 18 };
  const layout = heatMapLayout(map);
  expect(layout.width).toBeLessThanOrEqual(500);
  expect(cellAt(layout, layout.left + 2.5 * layout.cellWidth, layout.top + 18 * 4 + 1)).toEqual({ row: 4, column: 2 });
  expect(cellAt(layout, 3, 30)).toBeUndefined();
  expect(cellAt(layout, 100, layout.height + 1)).toBeUndefined();
});
