import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ParamscopeError } from "../../../src/engine/errors";
import { readPairs } from "../../../src/engine/pairs/read-pairs";

const stsb =
  'main-captions\tMSRvid\t2012test\t0000\t5.000\tA man has a "hard hat.\tA man, in a hat.\n' +
  "main-news\theadlines\t2013\t0001\t0.80\tOne.\tTwo.\tsource\tmore\n" +
  "main-news\theadlines\t2013\t0002\t1.00\tCut short\n";
const sick =
  "pair_ID\tsentence_A\tsentence_B\trelatedness_score\tentailment_judgment\n" +
  "4\tBoys play\tNo boy plays\t3.6\tCONTRADICTION\n";

describe("a table of pairs", () => {
  test("STS-B as it is distributed: no header, no quoting, more columns in some lines and fewer in others", () => {
    expect(readPairs(stsb, "sts.csv")).toEqual({
      pairs: [
        { a: 'A man has a "hard hat.', b: "A man, in a hat.", score: 5 },
        { a: "One.", b: "Two.", score: 0.8 },
      ],
      shortRows: 1,
    });
  });

  test("SICK as it is distributed", () => {
    expect(readPairs(sick.replaceAll("\n", "\r\n"), "sick.tsv")).toEqual({
      pairs: [{ a: "Boys play", b: "No boy plays", score: 3.6 }],
      shortRows: 0,
    });
  });

  test("comma-separated, with quoting and named columns", () => {
    const csv = 'id,left,human,right\n1,"A, ""b""\nc",2.5,d\n';
    expect(readPairs(csv, "own.csv", ["left", "right", "human"]).pairs).toEqual([
      { a: 'A, "b"\nc', b: "d", score: 2.5 },
    ]);
  });

  test.each([
    ["", undefined, "own.csv holds no pairs: it is empty."],
    [
      "x,y\n1,2\n",
      undefined,
      "own.csv: it is not to be seen which columns are the sentences and the score (line 1: x, y).",
    ],
    ["x,y\n1,2\n", ["x", "z", "y"], 'own.csv has no column "z": its first line has x, y.'],
    ["a,b,score\nOne,Two,3\nOne,Two,high\n", undefined, 'own.csv, line 3: the score "high" is not a number.'],
    ["a\tb\tscore\nOne\tTwo\t\n", undefined, 'own.csv, line 2: the score "" is not a number.'],
    ["a\tb\tscore\nOne\t \t1\n", undefined, "own.csv, line 2: a sentence is empty."],
    ['a,b,score\n"One,Two,3\n', undefined, /^own\.csv is not comma-separated: /],
  ] as const)("%j with %j: %s", (text, columns, message) => {
    expect(() => readPairs(text, "own.csv", columns)).toThrow(
      typeof message === "string"
        ? message
        : expect.objectContaining({ message: expect.stringMatching(message) as string }),
    );
  });

  test("any text is read, or refused with a cause and a remedy", () => {
    const cell = fc.constantFrom("a", "b", "score", "One", "1.5", "-", "", '"', ",", "\t", "\n", "\r\n", "é", "😀");
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 40 }), (cells) => {
        try {
          for (const { a, b, score } of readPairs(cells.join(""), "own.csv").pairs)
            expect([a.trim() !== "", b.trim() !== "", Number.isFinite(score)]).toEqual([true, true, true]);
        } catch (error) {
          expect(error).toBeInstanceOf(ParamscopeError);
        }
      }),
    );
  });
});
