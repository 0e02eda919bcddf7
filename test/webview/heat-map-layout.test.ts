import { expect, test } from "vitest";
import { heatMapLayout, roomForNames } from "../../webview/shared/heat-map-layout";

const numbers = (count: number) => Array.from({ length: count }, (_, i) => String(i));

test("names are turned where they could not be read above their columns, and stand upright else", () => {
  const columns = ["q", "k", "mlp.gate_proj", "down ×128"];
  expect(roomForNames(["0"], columns, 400)).toBeUndefined();
  expect(roomForNames(["0"], columns, 200)).toMatchObject({ turned: true });
});

test("of the numbers of hundreds of columns as many are written as there is room for", () => {
  const map = { rows: ["0"], width: 960, rowHeight: 18, narrowest: 4 };
  expect(heatMapLayout({ ...map, columns: numbers(16) }).columnEvery).toBe(1);
  const wide = heatMapLayout({ ...map, columns: numbers(128) });
  expect(wide.columnEvery).toBe(4);
  expect(wide.width).toBeLessThanOrEqual(960);
  expect(heatMapLayout({ ...map, columns: numbers(256).map((name) => `m${name}`) }).columnEvery).toBe(1);
});
