import fc from "fast-check";
import { expect, test } from "vitest";

import { nextOrder, type SortOrder, sortedRows } from "../../webview/shared/sorted-rows";

/* Tables whose titles sort them. */

const columns = [{ title: "Layer", text: true }, { title: "Density" }];
const rows = [
  ["layer 10", 0.2],
  ["layer 2", ""],
  ["layer 1", 0.5],
  ["layer 3", 0.2],
] as const;

const names = (order: SortOrder | undefined) => sortedRows(rows, order).map(([name]) => name);

test("texts go by the numbers in them, numbers by their size, and what is missing is last", () => {
  expect(names({ column: 0, way: "ascending" })).toEqual(["layer 1", "layer 2", "layer 3", "layer 10"]);
  expect(names({ column: 1, way: "descending" })).toEqual(["layer 1", "layer 10", "layer 3", "layer 2"]);
  expect(names({ column: 1, way: "ascending" })).toEqual(["layer 10", "layer 3", "layer 1", "layer 2"]);
  expect(names(undefined)).toEqual(rows.map(([name]) => name));
});

test("a title sorts, then turns the order, then gives it back", () => {
  const ways = (column: number) => {
    const first = nextOrder({ columns }, { column: 1 - column, way: "ascending" }, column);
    const second = nextOrder({ columns }, first, column);
    return [first, second, nextOrder({ columns }, second, column)].map((order) => order?.way);
  };
  expect(ways(0)).toEqual(["ascending", "descending", undefined]);
  expect(ways(1)).toEqual(["descending", "ascending", undefined]);
});

test("sorted rows are the same rows, each column in its order", () => {
  const value = fc.oneof(fc.constant(""), fc.double(), fc.integer());
  const order = fc.record({ column: fc.constantFrom(0, 1), way: fc.constantFrom("ascending", "descending") } as const);
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value)), order, (given, { column, way }) => {
      const sorted = sortedRows(given, { column, way });
      expect(new Set(sorted)).toEqual(new Set(given));
      expect(sorted).toHaveLength(given.length);
      const all = sorted.map((row) => row[column]);
      const numbers = all.filter((each): each is number => typeof each === "number" && !Number.isNaN(each));
      expect(all.slice(0, numbers.length)).toEqual(numbers);
      for (let i = 1; i < numbers.length; i++)
        expect(way === "ascending" ? numbers[i - 1] <= numbers[i] : numbers[i - 1] >= numbers[i]).toBe(true);
    }),
  );
});
