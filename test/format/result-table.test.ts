import { describe, expect, test } from "vitest";

import { ParamscopeError } from "../../src/engine/errors";
import { csv } from "../../src/format/csv";
import { namedRemedy } from "../../src/format/remedy";
import { resultTable } from "../../src/format/result-table";
import { editorSettings } from "../../src/scoring/setting-names";
import { analysis, comparison } from "../cli/documents";

describe("a result as a table", () => {
  test.each([analysis(), comparison()])("has a row for each matrix, and a field for each title", (document) => {
    const { columns, rows } = resultTable(document);
    expect(rows).toHaveLength(document.layers.flatMap(({ modules }): unknown[] => modules).length);
    for (const row of rows) expect(row).toHaveLength(columns.length);
    expect(csv({ columns, rows }).split("\r\n")).toHaveLength(rows.length + 2);
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
