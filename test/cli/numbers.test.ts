import { expect, test } from "vitest";
import { InvalidArgumentError } from "commander";
import { parseBytes, parseCount, parseThreshold } from "../../src/cli/options";
import { bar, shade } from "../../src/cli/terminal/bar";
import {
  formatCompact,
  formatDensity,
  formatDuration,
  formatExponential,
  formatNumber,
  formatShare,
} from "../../src/format/numbers";
import { formatBytes } from "../../src/engine/numbers/bytes";
import { plain } from "../../src/cli/terminal/style";
import { table } from "../../src/cli/terminal/table";

test("figures have at most three significant digits", () => {
  expect([0, 0.87, 12.345, 1234.5, 0.00000031, 3.1234e-7, -0.25, 1e9].map(formatNumber)).toEqual([
    "0",
    "0.87",
    "12.3",
    "1230",
    "3.1e-7",
    "3.12e-7",
    "-0.25",
    "1e9",
  ]);
  expect([0, 3.1e-7, 12].map(formatExponential)).toEqual(["0", "3.10e-7", "1.20e1"]);
  expect([0, 0.00031, 0.057, 0.0996, 0.456, 1].map(formatShare)).toEqual([
    "0 %",
    "0.031 %",
    "5.7 %",
    "10 %",
    "46 %",
    "100 %",
  ]);
  expect([0, 0.0001, 0.1837].map(formatDensity)).toEqual(["0.0 %", "<0.1 %", "18.4 %"]);
  expect([999, 999_600, 5_510_000, 6.74e9].map(formatCompact)).toEqual(["999", "1M", "5.51M", "6.74B"]);
  expect([12, 94_200_000, 999_999].map(formatBytes)).toEqual(["12 bytes", "94.2 MB", "1 MB"]);
  expect([0.012, 0.44, 2.14, 40.2, 200, 3900].map(formatDuration)).toEqual([
    "0.01 s",
    "0.4 s",
    "2.1 s",
    "40 s",
    "3 min 20 s",
    "1 h 5 min",
  ]);
});

test("bars are exact to an eighth of a character and never hide what is there", () => {
  expect([0, 0.001, 0.5, 0.53, 1, 2].map((share) => bar(share, 4))).toEqual(["", "▏", "██", "██▏", "████", "████"]);
  expect([0, 0.3, 0.6, 1].map(shade)).toEqual(["░", "▒", "▓", "█"]);
});

test("tables are aligned by the width on the screen", () => {
  const columns = [{ title: "name", align: "left" as const }, { title: "n" }];
  expect(
    table(
      columns,
      [
        ["日本", "1"],
        ["abc", "234"],
      ],
      plain,
    ),
  ).toEqual(["name    n", "日本    1", "abc   234"]);
});

test("options are read as they are written", () => {
  expect(parseThreshold("10%")).toEqual({ mode: "share", share: 0.1 });
  expect(parseThreshold("0.5 %")).toEqual({ mode: "share", share: 0.005 });
  expect(parseThreshold("5e-6")).toEqual({ mode: "absolute", tau: 5e-6 });
  expect(["2GiB", "1.5 GB", "800m", "4096"].map(parseBytes)).toEqual([2 ** 31, 1.5e9, 800 * 2 ** 20, 4096]);
  expect(parseCount(1)("12")).toBe(12);
  for (const read of [
    () => parseThreshold("-1"),
    () => parseThreshold("0%"),
    () => parseThreshold("Infinity"),
    () => parseBytes("2 litres"),
    () => parseBytes("0"),
    () => parseCount(1)("1.5"),
    () => parseCount(1)("0"),
  ]) {
    expect(read).toThrow(InvalidArgumentError);
  }
});
