import { describe, expect, test } from "vitest";

import { balanceInWords, balanceOf, formatBalance } from "../../src/format/balance";
import { sharesBesideUnrelated, sharesFinding } from "../../src/format/compared-shares";
import {
  balanceFinding,
  curvesFinding,
  matricesFinding,
  ownHeadSentences,
  partingLines,
} from "../../src/format/comparison-findings";
import { firstView, keep } from "../../webview/comparison/view-state";
import { viewOfResult } from "../../webview/shared/page-view";
import { evenTicks } from "../../webview/shared/scales";
import { comparison } from "../cli/documents";

describe("the balance of a matrix", () => {
  test("is in doublings from A to B", () => {
    expect([balanceOf({ a: 1, b: 4 }), balanceOf({ a: 4, b: 1 }), balanceOf({ a: 0, b: 0 })]).toEqual([2, -2, 0]);
    expect([0.314, -1.25, 0.001, Infinity, -Infinity].map((balance) => formatBalance(balance))).toEqual([
      "+0.31",
      "−1.25",
      "0",
      "only B",
      "only A",
    ]);
  });

  test("is said in words", () => {
    expect(balanceInWords({ a: 1, b: 1.7 })).toBe("B activates it 1.7 times as strongly");
    expect(balanceInWords({ a: 3, b: 1 })).toBe("A activates it 3 times as strongly");
    expect(balanceInWords({ a: 1, b: 1.01 })).toBe("both activate it about as strongly");
    expect(balanceInWords({ a: 1, b: 0 })).toBe("only A activates it");
  });
});

describe("what a comparison shows", () => {
  const document = comparison();

  test("is said of its curves and matrices", () => {
    expect(curvesFinding(document)).toBe(
      "Similarity falls from 0.8 in the shallow layers to 0.4 in the deep ones; it is least in layer 3, 0.3.",
    );
    expect(matricesFinding(document, "similarity")).toBe(
      "A and B are least alike in layer 3 down, 0.25, and most in layer 0 q, 0.9.",
    );
    expect(matricesFinding(document, "balance")).toBe(
      "B has the higher mean activation in 8 of 8 matrices; the sides differ most in layer 0 q, where B activates it 1.5 times as strongly.",
    );
  });

  test("is held against unrelated texts where the result has them", () => {
    const withBackground = (background: (layer: number, index: number) => number) => ({
      layers: document.layers.map((layer) => ({
        ...layer,
        modules: layer.modules.map((module, index) => ({ ...module, background: background(layer.layer, index) })),
      })),
    });
    // both sides have an eighth of their activation in each of eight matrices
    const alike = withBackground(() => 5e-4);
    expect(sharesBesideUnrelated(alike)?.(alike.layers[0].modules, "a")).toBeCloseTo(1, 12);
    expect(sharesFinding(alike)).toBe("Both share their activation among the matrices as unrelated texts do.");
    const less = withBackground((layer, index) => (layer === 2 && index === 0 ? 1e-3 : 1e-3 / 7));
    expect(sharesFinding(less)).toBe(
      "Furthest from the share that unrelated texts have: A in layer 2 q, ×0.25, B in layer 2 q, ×0.25.",
    );
    const unreached = withBackground((layer) => (layer === 0 ? 0 : 1e-3));
    expect(sharesBesideUnrelated(unreached)?.(unreached.layers[0].modules, "b")).toBe(1);
    expect(sharesBesideUnrelated(document)).toBeUndefined();
    expect(sharesFinding(document)).toBe("");
  });

  test("is said of any two that have sums", () => {
    expect(balanceFinding(document)).toBe(matricesFinding(document, "balance"));
    const even = document.layers.map((layer) => ({ ...layer, modules: layer.modules.map((m) => ({ ...m, b: m.a })) }));
    expect(balanceFinding({ layers: even })).toBe("Both activate every matrix about as strongly.");
    expect(balanceFinding({ layers: [] })).toBe("");
  });

  test("is three matrices where they part, and none where they are alike", () => {
    expect(partingLines(document).map(({ place, row, index }) => [place, row, index])).toEqual([
      ["Layer 3 down", 3, 1],
      ["Layer 3 q", 3, 0],
      ["Layer 2 down", 2, 1],
    ]);
    expect(partingLines(document)[0].text).toBe(
      "similarity 0.25, 0.3 in the whole layer; they share 15 % of the strongest weights, and B activates it 1.5 times as strongly.",
    );
    const alike = document.layers.map((layer) => ({
      ...layer,
      modules: layer.modules.map((module) => ({ ...module, similarity: 1 })),
    }));
    const same = { ...document, layers: alike };
    expect(partingLines(same)).toEqual([]);
    expect(curvesFinding(same)).toBe("Similarity is 1 in every layer.");
    expect(matricesFinding(same, "similarity")).toBe("A and B are alike in every matrix.");
    expect(ownHeadSentences(document)).toEqual([]);
  });
});

test("another result starts afresh, with measure and tables kept", () => {
  const view = { ...firstView, result: "x", swapped: true, row: 3, measure: "balance", tables: ["curves"] } as const;
  const page = { firstView, keep };
  expect(viewOfResult(page, "x", view)).toBe(view);
  expect(viewOfResult(page, "y", view)).toMatchObject({
    swapped: false,
    row: 0,
    measure: "balance",
    tables: ["curves"],
  });
});

test("ticks are round values between two", () => {
  expect(evenTicks(0, 1, 5).map((tick) => Number(tick.toFixed(3)))).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(evenTicks(-0.13, 0.42, 5).map((tick) => Number(tick.toFixed(3)))).toEqual([0, 0.2, 0.4]);
});
