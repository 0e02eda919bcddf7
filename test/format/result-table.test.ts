import { describe, expect, test } from "vitest";

import type { CalibrationDocument, NeuronsDocument } from "../../src/engine/document/document";
import { ParamscopeError } from "../../src/engine/errors";
import { csv, tabSeparated } from "../../src/format/csv";
import { namedRemedy } from "../../src/format/remedy";
import { analysisTable, calibrationTable, comparisonTable, neuronsTable } from "../../src/format/result-table";
import { editorSettings } from "../../src/format/editor-settings";
import { analysis, comparison } from "../cli/documents";

describe("a result as a table", () => {
  test.each([
    [analysisTable(analysis()), analysis()],
    [comparisonTable(comparison()), comparison()],
  ])("has a row for each matrix, and a field for each title", ({ columns, rows }, { layers }) => {
    expect(rows).toHaveLength(layers.flatMap(({ modules }): unknown[] => modules).length);
    for (const row of rows) expect(row).toHaveLength(columns.length);
    expect(csv({ columns, rows }).split("\r\n")).toHaveLength(rows.length + 2);
  });
});

describe("a result of the command line only as a table", () => {
  test("has a row for each share and criterion of deactivated neurons", () => {
    const points = [
      { share: 0, kl: 0, agreement: 1 },
      { share: 0.5, kl: 0.25, agreement: 0.75 },
    ];
    const { columns, rows } = neuronsTable({
      format: "paramscope.neurons",
      samples: [{}, {}, {}, {}],
      curves: [
        { criterion: "attribution", points, tolerated: 0 },
        { criterion: "size", points, tolerated: 0 },
      ],
    } as unknown as NeuronsDocument);
    expect(columns.map(({ title }) => title)).toEqual([
      "criterion",
      "share deactivated",
      "agreement",
      "kl",
      "stay",
      "samples",
      "low",
      "high",
    ]);
    expect(rows).toHaveLength(4);
    expect(rows[3]).toEqual(["size", 0.5, 0.75, 0.25, 3, 4, expect.closeTo(0.3006, 4), expect.closeTo(0.9544, 4)]);
  });

  test("has a row for each calibration and evaluation", () => {
    const { columns, rows } = calibrationTable({
      format: "paramscope.calibration",
      calibrations: [{ name: "fiction" }, { name: "math" }],
      evaluations: [{ name: "fiction" }, { name: "math" }],
      dense: [10, 20],
      perplexity: [
        [11, 24],
        [13, 22],
      ],
      agreement: [
        [0.9, 0.7],
        [0.8, 0.85],
      ],
      divergence: [
        [0.1, 0.3],
        [0.2, 0.15],
      ],
      losses: {
        tokens: [
          [63, 63, 63],
          [63, 63],
        ],
        dense: [
          [2, 2.5, 3],
          [3, 3],
        ],
        pruned: [
          [
            [2, 2, 2],
            [3, 3],
          ],
          [
            [2.3, 2.7, 3.25],
            [3, 3.1],
          ],
        ],
      },
    } as unknown as CalibrationDocument);
    expect(rows).toHaveLength(4);
    const named = (row: number) => Object.fromEntries(columns.map(({ title }, i) => [title, rows[row][i]]));
    // of two windows there is no interval
    expect(named(3)).toMatchObject({
      evaluation: "math",
      ratio: expect.closeTo(Math.exp(0.05), 9) as number,
      low: "",
      high: "",
    });
    // scipy.stats.t.interval of [0.3, 0.2, 0.25]
    expect(named(2)).toEqual({
      calibration: "math",
      evaluation: "fiction",
      "dense perplexity": 10,
      perplexity: 13,
      ratio: expect.closeTo(Math.exp(0.25), 9) as number,
      low: expect.closeTo(Math.exp(0.1257931), 6) as number,
      high: expect.closeTo(Math.exp(0.3742069), 6) as number,
      agreement: 0.8,
      divergence: 0.2,
    });
  });
});

describe("a remedy", () => {
  test("is named as the front end calls it", () => {
    const error = new ParamscopeError("Too large.", "Take a smaller window.", { settings: ["window", "answers"] });
    expect(namedRemedy(error, editorSettings)).toBe("Take a smaller window (setting paramscope.window).");
    expect(namedRemedy(new ParamscopeError("Gone.", "Look."), editorSettings)).toBe("Look.");
    expect(namedRemedy(new ParamscopeError("Gone."), editorSettings)).toBeUndefined();
  });
});

test("a field of foreign origin is no formula to a spreadsheet; numbers are numbers", () => {
  const table = {
    columns: [{ title: "=HYPERLINK(1)" }, { title: "score" }],
    rows: [
      ["=cmd|' /C calc'!A0", -1.5],
      ["+1+1", 2],
      ["-2+3", 3],
      ["@SUM(A1)", 4],
      ["a=b", 5],
    ],
  };
  expect(csv(table).split("\r\n")).toEqual([
    "'=HYPERLINK(1),score",
    "'=cmd|' /C calc'!A0,-1.5",
    "'+1+1,2",
    "'-2+3,3",
    "'@SUM(A1),4",
    "a=b,5",
    "",
  ]);
  expect(tabSeparated(table)).toContain("'=cmd|");
});
