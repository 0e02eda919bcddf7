import { describe, expect, test } from "vitest";

import type {
  CalibrationDocument,
  FrequencyLayer,
  NeuronsDocument,
  PruningDocument,
} from "../../src/engine/document/document";
import { agreementFinding, similarityFinding } from "../../src/format/calibration-findings";
import { distributionFinding } from "../../src/format/frequency-findings";
import { headSentences, modelsSentences, samenessSentence } from "../../src/format/models-findings";
import { concentrationSentence, halfDivergenceSentence } from "../../src/format/neurons";
import { exportSentences, zerosSentence } from "../../src/format/pruning";
import { modelsOf } from "./models-documents";

/* Sentences that claim nothing of their figures: what they say is the figures, of the right things. */

describe("of a choice of calibration texts", () => {
  const document = {
    calibrations: [{ kind: "chosen" }, { kind: "random" }, { kind: "random" }],
    agreement: [[0.81], [0.78], [0.8]],
  } as unknown as CalibrationDocument;

  test("where the models agree, with the chosen texts and with random ones", () => {
    expect(agreementFinding(document)).toBe(
      "The pruned and the dense model find the same token the likeliest at 81 % of the positions with the chosen texts, at 78 % to 80 % with random ones.",
    );
  });

  test("how alike the chosen texts are, and the others where there are any", () => {
    const text = (similarity: number, chosen: boolean) => ({ source: "x", similarity, chosen });
    const choice = (...similarities: ReturnType<typeof text>[]) =>
      similarityFinding({ similarities } as unknown as Parameters<typeof similarityFinding>[0]);
    expect(choice(text(0.7, true), text(0.6, true), text(0.5, false), text(0.5, false))).toBe(
      "The similarity of the chosen texts is 0.6 to 0.7, of the others 0.5.",
    );
    expect(choice(text(0.7, true))).toBe("The similarity of the chosen texts is 0.7.");
  });
});

test("of a layer's distribution both ends, beside chance; a correlation only where there can be one", () => {
  const layer = (counts: readonly number[]) => ({ layer: 3, counts }) as unknown as FrequencyLayer;
  expect(distributionFinding(layer([70, 10, 20]), 2)).toBe(
    "Of layer 3, 70.0 % (by chance 56.3 %) of the weights are among the strongest in no sample, 20.0 % (by chance 6.3 %) in every one. The intraclass correlation of the samples is 0.74 (0 is chance).",
  );
  expect(distributionFinding(layer([90, 10]), 1)).not.toContain("correlation");
});

describe("of two models", () => {
  test("the head has what the whole has first, and nothing empty", () => {
    const document = modelsOf({
      matrices: [
        [
          { changed: 10, relative: 0.1 },
          { changed: 0, relative: 0 },
        ],
      ],
    });
    const [head, all] = [headSentences(document), modelsSentences(document)];
    expect(head.every((sentence) => all.includes(sentence))).toBe(true);
    expect(all.length).toBeGreaterThan(head.length);
    expect([...head, ...all]).not.toContain("");
  });

  test("that are one it is said first", () => {
    const document = modelsOf({ isSame: true, matrices: [[{ changed: 0, relative: 0 }]] });
    expect(modelsSentences(document)[0]).toBe(samenessSentence(document));
    expect(headSentences(document)[0]).toBe(samenessSentence(document));
  });
});

describe("of neurons", () => {
  const curve = (criterion: "attribution" | "size", kl: number) => ({
    criterion,
    tolerated: 0,
    points: [{ share: 0.5, kl, agreement: 1 }],
  });
  const layer = (number: number, attribution: number, size: number) => ({
    layer: number,
    concentration: { attribution, size },
    top: [],
  });
  const document = (layers: readonly object[], ...curves: object[]) =>
    ({ samples: [{}], curves, layers }) as unknown as NeuronsDocument;

  test("how far predictions move with half of them, where both curves are there", () => {
    expect(halfDivergenceSentence(document([], curve("attribution", 0.31), curve("size", 0.9)))).toBe(
      "With half of the neurons deactivated the divergence from the whole model is 0.31 by attribution and 0.9 by size.",
    );
    expect(halfDivergenceSentence(document([], curve("size", 0.9)))).toBeUndefined();
  });

  test("in how few of them the attribution is, in the layers with least and most", () => {
    expect(concentrationSentence(document([layer(0, 0.2, 0.5), layer(1, 0.3, 0.5)]))).toBe(
      "90 % of the attribution is in 20.0 % (layer 0) to 30.0 % (layer 1) of a layer's neurons, of the size in 50.0 %.",
    );
    expect(concentrationSentence(document([layer(4, 0.2, 0.5)]))).toContain("20.0 % (layer 4)");
    expect(concentrationSentence(document([]))).toBe("");
  });
});

describe("of a pruned model", () => {
  test("how many weights are 0", () => {
    const document = {
      layers: [{ zeros: 600 }, { zeros: 400 }],
      model: { scored: 2000 },
    } as unknown as PruningDocument;
    expect(zerosSentence(document)).toBe("1,000 of 2,000 weights are 0 now.");
  });

  test("where it was written, what it is good for; that it is smaller compressed only where it is", () => {
    const exported = (pruned: number, zeros = 1) =>
      exportSentences({
        layers: [{ zeros: 0 }, { zeros }],
        exported: { path: "out", type: "F32", bytes: 2_000_000, compressed: { pruned, dense: 1_800_000 } },
        masks: { path: "masks", bytes: 1000 },
      } as unknown as PruningDocument);
    expect(exported(900_000)[1]).toBe("Compressed by zstd they take about 900 kB, those of the dense model 1.8 MB.");
    expect(exported(900_000)[2]).toContain("Compression makes the files smaller");
    expect(exported(2_000_000)[2]).not.toContain("smaller;");
    expect(exported(900_000)[3]).toBe("Which weights went is in masks, 1 kB.");
    expect(exported(900_000, 0).join(" ")).not.toContain("Zeros");
    expect(exportSentences({ exported: null, masks: null, layers: [] } as unknown as PruningDocument)).toEqual([]);
  });
});
