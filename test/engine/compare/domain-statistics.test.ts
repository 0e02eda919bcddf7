import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

import { differencesOf } from "../../../src/engine/compare/differences";
import { leastP, permutationTest } from "../../../src/engine/compare/permutation-test";
import { ofTwoDomains, type TextTable } from "../../../src/engine/compare/text-table";
import { randomNumbers } from "../../../src/engine/numbers/random";
import { simulatedTexts } from "../support/simulated-texts";

/** test/reference/make_domain_tests.py: numpy and scipy, by every arrangement of the labels. */
const reference = JSON.parse(readFileSync("test/reference/domain-tests.json", "utf8")) as {
  tables: TextTable[];
  own: number[];
  corrected: number[];
  leastP: number;
  difference: number[];
  low: number[];
  high: number[];
};
const { tables } = reference;

describe("the permutation test", () => {
  test("has the p of all arrangements, but for what 1999 of them can be off", () => {
    const { own, corrected } = permutationTest(tables, 0);
    for (const [values, expected] of [
      [own, reference.own],
      [corrected, reference.corrected],
    ])
      expected.forEach((p, column) => {
        expect(Math.abs(values[column] - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 1999) + 1 / 2000);
      });
    expect(leastP(tables.map(({ labels }) => labels))).toBeCloseTo(Math.max(reference.leastP, 1 / 2000), 12);
    expect(leastP([[0, 0, 1, 1]])).toBeCloseTo(1 / 3, 12);
    expect(
      leastP([
        [0, 0, 1, 1],
        [0, 1, 2, 2],
      ]),
    ).toBeCloseTo(1 / 18, 12);
  });

  test("is the same for the same seed, and for the same differences however they stand", () => {
    expect(permutationTest(tables, 3)).toEqual(permutationTest(tables, 3));
    expect(permutationTest(tables, 3)).not.toEqual(permutationTest(tables, 4));
    const moved = tables.map(({ labels, columns }) => ({
      labels,
      columns: columns.map((column) => column.map((value) => Number((value - 0.2).toFixed(5)))),
    }));
    expect(permutationTest(moved, 3).own).toEqual(permutationTest(tables, 3).own);
  });

  test("shuffles within tables only, and finds nothing where nothing differs", () => {
    const same = (label: number, value: number) => ({ labels: [label, label], columns: [[value]] });
    expect(permutationTest([same(0, 0.5), same(1, 0.9)], 0)).toEqual({ own: [1], corrected: [1] });
    const equal = { labels: [0, 0, 1, 1], columns: [Array<number>(6).fill(0.1)] };
    expect(permutationTest([equal], 0)).toEqual({ own: [1], corrected: [1] });
  });

  test("finds no more than it may where domains are one, in any of many layers, and a difference where there is one", () => {
    const next = randomNumbers(11);
    const found = (difference: number, runs: number) =>
      Array.from({ length: runs }, (_, seed) => {
        const { own, corrected } = permutationTest(
          [simulatedTexts({ domains: 3, texts: 6, difference, layers: 8 }, next)],
          seed,
        );
        return { one: own[0] < 0.05, any: corrected.some((p) => p < 0.05) };
      });
    const chance = found(0, 200);
    // 5 % of 200 are 10; more than 19 come once in 300 times
    expect(chance.filter(({ one }) => one).length).toBeLessThan(20);
    expect(chance.filter(({ any }) => any).length).toBeLessThan(20);
    expect(chance.filter(({ any }) => any).length).toBeGreaterThan(1);
    expect(found(0.1, 20).every(({ one, any }) => one && any)).toBe(true);
  });
});

describe("the difference of texts of one domain and of two", () => {
  test("has the interval of numpy's jackknife", () => {
    const all = differencesOf(tables) ?? [];
    expect(all).toHaveLength(3);
    all.forEach(({ within, across, difference, interval }, column) => {
      expect(difference).toBeCloseTo(reference.difference[column], 12);
      expect(within - across).toBeCloseTo(difference, 12);
      expect(interval?.[0]).toBeCloseTo(reference.low[column], 9);
      expect(interval?.[1]).toBeCloseTo(reference.high[column], 9);
    });
  });

  test("has none where there are too few texts, and is not there where there is nothing to compare", () => {
    const [two] = differencesOf([{ labels: [0, 0, 1, 1], columns: [[0.9, 0.5, 0.5, 0.5, 0.5, 0.9]] }]) ?? [];
    expect(two).toMatchObject({ within: 0.9, across: 0.5, interval: null });
    expect(differencesOf([{ labels: [0, 0], columns: [[0.9]] }])).toBeUndefined();
    expect(differencesOf([{ labels: [0, 1], columns: [[0.9]] }])).toBeUndefined();
    expect(differencesOf(ofTwoDomains(tables, 0, 2))?.[0].difference).toBeTypeOf("number");
  });

  test.each([
    [2, 3, 0],
    [2, 4, 0.1],
    [2, 12, 0.01],
    [3, 6, 0.1],
    [5, 6, 0.02],
  ])("of %i domains of %i texts that differ by %d is in its interval 95 times of 100", (domains, texts, difference) => {
    const next = randomNumbers(5);
    const runs = 500;
    let covered = 0;
    for (let run = 0; run < runs; run++) {
      const [{ interval }] = differencesOf([simulatedTexts({ domains, texts, difference }, next)]) ?? [];
      if (interval !== null && interval[0] <= difference && interval[1] >= difference) covered++;
    }
    // it is wider than it need be where there is no difference; 93 % is two standard errors of 500 runs below 95 %
    expect(covered / runs).toBeGreaterThan(0.93);
  });
});
