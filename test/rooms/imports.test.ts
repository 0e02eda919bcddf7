import { expect, test } from "vitest";
import { importCircles, importsBelow } from "./import-circles";

test("no file of src imports itself by way of others", () => {
  const graph = importsBelow("src");
  expect(graph.get("worker.ts")).toContain("scoring/server.ts");
  expect(importCircles(graph)).toEqual([]);
});

test("a circle is named with its files in order", () => {
  const graph = new Map([
    ["entry", ["a", "leaf"]],
    ["a", ["leaf", "b"]],
    ["b", ["c"]],
    ["c", ["leaf", "a"]],
    ["leaf", []],
    ["self", ["self"]],
    ["detour", ["leaf"]],
  ]);
  expect(importCircles(graph)).toEqual(["a → b → c → a", "self → self"]);
});

test("files that are imported twice are no circle", () => {
  const graph = new Map([
    ["top", ["left", "right"]],
    ["left", ["bottom"]],
    ["right", ["left", "bottom"]],
    ["bottom", []],
  ]);
  expect(importCircles(graph)).toEqual([]);
});
