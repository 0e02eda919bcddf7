import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { predictionsByMove } from "../../src/format/models";
import * as words from "../../src/format/models-findings";
import { modelsLines } from "../../src/cli/render/models";
import { plain } from "../../src/cli/terminal/style";
import { modelsOf, type MatrixFigures, type ModelsFigures } from "./models-documents";

/* Each sentence where it may claim something, where that is false, and where there is nothing; then what holds of random figures. */

const relation = (low: number, rho: number, high: number): ModelsFigures => ({
  relation: { matrices: 84, rho, interval: [low, high] },
});

const changes = (...relatives: readonly number[]): ModelsFigures => ({
  matrices: [relatives.map((relative): MatrixFigures => ({ relative }))],
});

const moved = (...kls: readonly number[]): ModelsFigures => ({
  samples: kls.map((kl) => ({ kl, answers: ["x", "y"] })),
});

describe("what is said of two models", () => {
  test.each<[string, string | undefined, string | undefined]>([
    // the same or not
    [
      "one model, by its identity",
      words.samenessSentence(modelsOf({ isSame: true, ...changes(0) })),
      "A and B are the same model, by identity: there is nothing to tell apart.",
    ],
    [
      "equal weights in other files",
      words.samenessSentence(modelsOf({ ...changes(0), others: { "model.norm.weight": 0 } })),
      "A and B are not the same files, but no weight that was compared differs.",
    ],
    [
      "changed beside the scored matrices alone",
      words.samenessSentence(modelsOf({ ...changes(0), others: { "model.norm.weight": 0.25, "lm_head.weight": 0 } })),
      "No scored matrix was changed; what differs is model.norm.weight (0.25).",
    ],
    ["changed", words.samenessSentence(modelsOf()), undefined],
    // how much
    [
      "some weights",
      words.changeSentence(modelsOf()),
      "The relative change is 0.1 over all scored matrices: 50 % of the weights differ.",
    ],
    [
      "… all of them",
      words.changeSentence(modelsOf({ matrices: [[{ changed: 100 }]] })),
      "The relative change is 0.1 over all scored matrices: every weight differs.",
    ],
    [
      "… pruned, and nothing else",
      words.changeSentence(modelsOf({ matrices: [[{ changed: 30, zeroed: 30 }]] })),
      "The relative change is 0.1 over all scored matrices: 30 % of the weights differ, all of them 0 in B.",
    ],
    [
      "… pruned and changed",
      words.changeSentence(modelsOf({ matrices: [[{ changed: 100, zeroed: 30 }]] })),
      "The relative change is 0.1 over all scored matrices: every weight differs, 30 % are 0 in B that are not in A.",
    ],
    [
      "… of zeros",
      words.changeSentence(modelsOf({ matrices: [[{ relative: null, changed: 100 }]] })),
      "Every weight differs.",
    ],
    ["… none", words.changeSentence(modelsOf(changes(0))), ""],
    // where
    [
      "layers are told apart",
      words.changedLayersSentence(modelsOf({ matrices: [[{ relative: 0.1 }], [{ relative: 0.3 }]] })),
      "Layer 1 was changed most, by a relative 0.3; layer 0 least, 0.1.",
    ],
    [
      "… as printed as much",
      words.changedLayersSentence(modelsOf({ matrices: [[{ relative: 0.1 }], [{ relative: 0.10001 }]] })),
      "The relative change is 0.1 in every layer.",
    ],
    ["… not at all", words.changedLayersSentence(modelsOf(changes(0))), ""],
    [
      "matrices are told apart",
      words.placesSentence(modelsOf(changes(0.1, 0.4, 0.3, 0.2))),
      "The change is largest in layer 0 k (0.4), layer 0 v (0.3), layer 0 o (0.2); the least in layer 0 q (0.1).",
    ],
    [
      "… some are equal, and are not named among those with the largest change",
      words.placesSentence(modelsOf(changes(0, 0.4, 0))),
      "The change is largest in layer 0 k (0.4); 2 of 3 matrices are equal.",
    ],
    [
      "… as printed as much",
      words.placesSentence(modelsOf(changes(0.5, 0.50001))),
      "Every matrix was changed as much, by 0.5 of its size.",
    ],
    ["… one matrix", words.placesSentence(modelsOf(changes(0.5))), ""],
    ["… none", words.placesSentence(modelsOf(changes(0, 0))), ""],
    // whether it is used
    [
      "matrices that are used more were changed more",
      words.relationSentence(modelsOf(relation(0.02, 0.3, 0.5))),
      "Matrices that were changed more are those that these texts use more: agreement of the two orders 0.3 over 84 matrices, 95 % within 0.02 to 0.5.",
    ],
    [
      "… less",
      words.relationSentence(modelsOf(relation(-0.5, -0.3, -0.02))),
      "Matrices that were changed more are those that these texts use less: agreement of the two orders −0.3 over 84 matrices, 95 % within −0.5 to −0.02.",
    ],
    [
      "… it cannot be told",
      words.relationSentence(modelsOf(relation(-0.1, 0.3, 0.5))),
      "That matrices which these texts use more were changed more, or less, cannot be told: agreement of the two orders 0.3 over 84 matrices, 95 % within −0.1 to 0.5.",
    ],
    ["… there are none", words.relationSentence(modelsOf()), ""],
    [
      "what was changed counts more",
      words.usageSentence(modelsOf({ usage: 1.31 })),
      "Within its matrix, what was changed counts 1.3 times as much for what these texts predict as weights do in general.",
    ],
    [
      "… less",
      words.usageSentence(modelsOf({ usage: 0.5 })),
      "Within its matrix, what was changed counts 2 times less for what these texts predict than weights do in general.",
    ],
    [
      "… as much",
      words.usageSentence(modelsOf({ usage: 0.98 })),
      "Within its matrix, what was changed counts as much for what these texts predict as weights do in general.",
    ],
    [
      "… nothing",
      words.usageSentence(modelsOf({ usage: 0 })),
      "Within its matrix, what was changed counts nothing for what these texts predict, to first order.",
    ],
    ["… nothing was changed", words.usageSentence(modelsOf({ usage: null })), ""],
    [
      "one matrix has more of the effect than an equal share",
      words.effectSentence(modelsOf({ matrices: [[{ effect: 3 }, { effect: 1 }]] })),
      "Of what the change does to these predictions, to first order, 75 % comes through layer 0 q; an equal share would be 50 %.",
    ],
    ["… all have as much", words.effectSentence(modelsOf({ matrices: [[{ effect: 1 }, { effect: 1.001 }]] })), ""],
    ["… none has any", words.effectSentence(modelsOf({ matrices: [[{ effect: 0 }, { effect: 0 }]] })), ""],
    // activations
    [
      "activations are told apart",
      words.activationsFinding(modelsOf({ matrices: [[{ similarity: 0.9 }], [{ similarity: 0.7 }]] })),
      "Both activate least alike in layer 1, similarity 0.7, and most in layer 0, 0.9.",
    ],
    [
      "… as printed alike, with another answer",
      words.activationsFinding(modelsOf(moved(0.1))),
      "Similarity is 0.9 in every layer. In 1 of 1 samples B's target is another token than A's: there they activate for another answer.",
    ],
    [
      "… of matrices",
      words.matricesSentence(modelsOf({ matrices: [[{ similarity: 0.9 }, { similarity: 0.7 }]] }), "similarity"),
      "Activations are least alike in layer 0 k, 0.7, and most in layer 0 q, 0.9.",
    ],
    [
      "… of matrices as printed alike",
      words.matricesSentence(modelsOf(changes(0.1, 0.2)), "similarity"),
      "Every matrix is activated as much alike, 0.9.",
    ],
    // predictions
    [
      "answers are counted",
      words.agreementSentence(
        modelsOf({ samples: [{}, {}, { answers: ["x", "y"] }], agreementInterval: [0.208, 0.939] }),
      ),
      "The likeliest next token is the same in 2 of 3 samples (95 % within 21 % to 94 %).",
    ],
    [
      "one answer stays",
      words.agreementSentence(modelsOf()),
      'The likeliest next token is the same, "x": 50 % in A, 50 % in B.',
    ],
    [
      "… or does not",
      words.agreementSentence(modelsOf(moved(1))),
      'The likeliest next token is "x" in A (50 %) and "y" in B (50 %).',
    ],
    [
      "predictions moved",
      words.divergenceSentence(modelsOf(moved(0.1, 0.2))),
      "The divergence of the next token is 0.15 in the mean of 2 samples, 95 % within 0.05 to 0.2.",
    ],
    ["… one of them", words.divergenceSentence(modelsOf()), "The divergence of the next token is 0.1."],
    ["… not at all", words.divergenceSentence(modelsOf(moved(0, 0))), "The next-token distributions are equal."],
    // what next
    [
      "one text",
      words.nextSentence(modelsOf()),
      "One text says little of others: compare over a folder of texts to see whether it holds.",
    ],
    ["… of one model", words.nextSentence(modelsOf({ isSame: true })), undefined],
    [
      "some answers changed, the furthest first",
      words.nextSentence(modelsOf(moved(0.1, 0.3, 0.2, 0.05))),
      "Of the texts whose answer changed, read first those that moved most: 1.txt (divergence 0.3), 2.txt (divergence 0.2), 0.txt (divergence 0.1).",
    ],
    [
      "… one, of a text that others moved further than",
      words.nextSentence(
        modelsOf({
          samples: [{ kl: 9 }, { kl: 0.1, answers: ["x", "y"], source: "a.txt", offset: 12 }, { source: "a.txt" }],
        }),
      ),
      "The one answer that changed is that of a.txt at 12 (divergence 0.1): read it first.",
    ],
    ["… none", words.nextSentence(modelsOf({ samples: [{}, {}] })), undefined],
    // other tensors
    [
      "some differ, the most first",
      words.othersSentence(modelsOf({ others: { a: 0.1, b: 0, c: 0.2, d: null } })),
      "Beside the scored matrices d (0 in A), c (0.2), a (0.1) differ; equal is b.",
    ],
    [
      "… one, alone",
      words.othersSentence(modelsOf({ others: { a: 0.1 } })),
      "Beside the scored matrices a (0.1) differs.",
    ],
    [
      "… none",
      words.othersSentence(modelsOf({ others: { a: 0 } })),
      "Of embedding, head, norms and biases nothing differs.",
    ],
  ])("%s", (_, said, expected) => {
    expect(said).toBe(expected);
  });
});

/* Random figures: with ties, and with what is told apart only behind the digits that are printed. */

const amount = fc.oneof(
  fc.constantFrom(0, 1e-9, 0.1, 0.1000001, 0.5, 0.500001, 1),
  fc.double({ min: 1e-30, max: 1e3, noNaN: true }),
);
const matrix = fc.record({
  relative: amount,
  effect: amount,
  similarity: fc.double({ min: 0, max: 1, noNaN: true }),
});
const documents = fc
  .record({
    matrices: fc.array(fc.array(matrix, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
    samples: fc.array(fc.record({ kl: amount, answers: fc.constantFrom<[string, string]>(["x", "x"], ["x", "y"]) }), {
      minLength: 1,
      maxLength: 5,
    }),
    usage: fc.option(fc.oneof(amount, fc.constantFrom(0.96, 1.04, 1.05, 1 / 1.05))),
    rhos: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }),
  })
  .map(({ rhos, ...figures }) => {
    const [low, rho, high] = [...rhos].sort((a, b) => a - b);
    return modelsOf({ ...figures, ...relation(low, rho, high) });
  });

const figuresIn = (sentence: string, pattern: RegExp): number[] =>
  (pattern.exec(sentence) ?? []).slice(1).map((figure) => Number(figure.replace("−", "-")));

describe("of random figures nothing is said that they deny", () => {
  const holds = (of: (document: ReturnType<typeof modelsOf>) => void) => {
    fc.assert(fc.property(documents, of), { numRuns: 300 });
  };

  test("no sentence has a figure that is none", () => {
    holds((document) => {
      for (const line of modelsLines(document, plain)) expect(line).not.toMatch(/NaN|Infinity|undefined|null/);
    });
  });

  test("what is called largest, least, more or less is", () => {
    holds((document) => {
      const [most, least] = figuresIn(
        words.changedLayersSentence(document),
        /most, \S+ (\S+); layer \d+ least, (\S+)\.$/,
      );
      if (most !== undefined) expect(most).toBeGreaterThan(least);
      const [largest, smallest] = figuresIn(
        words.placesSentence(document),
        /in layer \d+ . \(([^)]+)\).*least in .*\((.*)\)/,
      );
      if (largest !== undefined) expect(largest).toBeGreaterThan(smallest);
      const [share, equal] = figuresIn(words.effectSentence(document), /order, (\S+) % .* be (\S+) %/);
      if (share !== undefined) expect(share).toBeGreaterThan(equal);
      const [alike, more] = figuresIn(
        words.activationsFinding(document),
        /similarity (\S+), and most in layer \d+, (\S+)\./,
      );
      if (alike !== undefined) expect(alike).toBeLessThan(more);
    });
  });

  test("matrices that changed more are said to be used more, or less, only where the interval says so", () => {
    holds((document) => {
      const sentence = words.relationSentence(document);
      const [low, high] = document.relation?.interval ?? [0, 0];
      expect(sentence.includes("use more:")).toBe(low > 0);
      expect(sentence.includes("use less:")).toBe(high < 0);
    });
  });

  test("what was changed is said to count more or less only by what is printed", () => {
    holds((document) => {
      const { usage } = document.change;
      const [times] = figuresIn(words.usageSentence(document), /counts (\S+) times/);
      if (times !== undefined) {
        expect(times).toBeGreaterThanOrEqual(1.05);
        expect(words.usageSentence(document).includes("times less")).toBe((usage ?? 1) < 1);
      }
    });
  });

  test("texts that are to be read first are those whose answer changed, in the order in which they moved", () => {
    holds((document) => {
      const named = [...(words.nextSentence(document) ?? "").matchAll(/(\d+)\.txt/g)].map(([, index]) => Number(index));
      const changed = predictionsByMove(document).filter(({ prediction }) => !prediction.agrees);
      if (document.samples.length > 1) expect(named).toEqual(changed.slice(0, 3).map(({ index }) => index));
    });
  });
});
