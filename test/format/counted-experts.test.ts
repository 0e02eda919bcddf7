import { expect, test } from "vitest";
import type { FrequencyDocument } from "../../src/engine/document/document";
import { intraclassCorrelation } from "../../src/engine/numbers/intraclass";
import { countedExperts, countedExpertsSentences, hasExperts } from "../../src/format/counted-experts";
import { frequencyTable } from "../../src/format/result-table";

type Counted = readonly [samples: number, counts: readonly number[]];

/** Layers that so many tokens pass, whose experts so many of four samples reach. */
function documentOf(...layers: readonly (readonly [tokens: number, experts: readonly Counted[]])[]): FrequencyDocument {
  const made = layers.map(([tokens, experts], layer) => ({
    layer,
    counts: [10, 0, 0, 0, 0],
    icc: null,
    routing: {
      tokens,
      experts: experts.map(([samples, counts]) => ({
        tokens: samples,
        samples,
        counts,
        icc: intraclassCorrelation(counts.slice(0, samples + 1)),
        modules: [],
      })),
    },
  }));
  return { samples: 4, layers: made } as unknown as FrequencyDocument;
}

test("an expert's weights are held against the samples that reach it", () => {
  const [all, some, none] = countedExperts(
    documentOf([
      40,
      [
        [4, [6, 0, 0, 2, 2]],
        [2, [6, 2, 2, 0, 0]],
        [0, [10, 0, 0, 0, 0]],
      ],
    ]),
  );
  expect(all).toMatchObject({ layer: 0, expert: 0, samples: 4, share: 1, always: 0.2 });
  expect(some).toMatchObject({ expert: 1, samples: 2, share: 0.5, always: 0.2 });
  expect(some.correlation).toBe(intraclassCorrelation([6, 2, 2]));
  expect(none).toMatchObject({ samples: 0, share: 0, always: null, correlation: null });
});

test("it is said how many experts all samples reach, and at how many those agree", () => {
  const agreeing: Counted = [4, [8, 0, 0, 0, 2]];
  const not: Counted = [2, [6, 4, 0, 0, 0]];
  const unreached: Counted = [0, [10, 0, 0, 0, 0]];
  expect(countedExpertsSentences(documentOf([40, [agreeing, not, unreached]]))).toEqual([
    "Every sample reaches 1 of 3 experts, none reaches 1.",
    "At 1 of 2 experts the samples that reach them agree on their strongest weights by more than chance: " +
      "the intraclass correlation is 1.00 in expert 0 of layer 0, the most, and −0.20 in expert 1 of layer 0, the least (0 is chance, 1 the same weights in every sample).",
  ]);
  expect(countedExpertsSentences(documentOf([40, [agreeing, agreeing]]))[1]).toBe(
    "Samples that reach the same expert agree on its strongest weights by more than chance: " +
      "the intraclass correlation is 1.00 in every expert (0 is chance, 1 the same weights in every sample).",
  );
  expect(countedExpertsSentences(documentOf([40, [not, unreached]]))[1]).toMatch(
    /^Samples that reach the same expert agree on its strongest weights no more than by chance: /,
  );
  // of none that two samples reach nothing is said of agreement
  expect(countedExpertsSentences(documentOf([40, [unreached]]))).toHaveLength(1);
});

test("a layer that one position passes is not counted", () => {
  const [said] = countedExpertsSentences(documentOf([40, [[4, [8, 0, 0, 0, 2]]]], [4, [[1, [8, 2, 0, 0, 0]]]]));
  expect(said).toBe(
    "Every sample reaches 1 of 1 experts, none reaches 0, those of layer 1 not counted, which only the last token passes.",
  );
});

test("of a model without experts there are none, and its table has none", () => {
  const document = { samples: 4, layers: [{ layer: 0, counts: [8, 0, 0, 0, 2] }] } as unknown as FrequencyDocument;
  expect(hasExperts(document)).toBe(false);
  expect(countedExpertsSentences(document)).toEqual([]);
  expect(frequencyTable(document).rows).toEqual([[0, 1, 8, 0, 0, 0, 2]]);
});

test("the table has a row for each expert behind its layer's", () => {
  const { columns, rows } = frequencyTable(documentOf([40, [[2, [6, 4, 0, 0, 0]]]]));
  expect(columns.map(({ title }) => title).slice(0, 4)).toEqual([
    "layer",
    "expert",
    "samples that reach it",
    "intraclass correlation",
  ]);
  expect(rows.map((row) => row.slice(0, 3))).toEqual([
    [0, "", ""],
    [0, 0, 2],
  ]);
});
