import { describe, expect, test } from "vitest";

import { randomNumbers } from "../../src/engine/numbers/random";
import { allocationSentence, perplexitySentence } from "../../src/format/pruning";
import { criteriaFinding, curveFinding } from "../../src/format/pruning-findings";
import { curveOf, evaluationOf, simulatedLosses } from "./simulated-losses";

const CHANCE = "within what windows and rounding vary";

describe("what pruning costs", () => {
  const dense = [3, 3.5, 2.5, 4];

  test.each([
    [
      "more, in every window",
      [3.3, 3.85, 2.9, 4.35],
      "Perplexity on a.txt (4 windows of 64 tokens): dense 25.8, pruned 36.6, 1.42 × dense (1.33 to 1.51).",
    ],
    [
      "more in some windows and less in others",
      [3.1, 3.45, 2.55, 3.95],
      "Perplexity on a.txt (4 windows of 64 tokens): dense 25.8, pruned 26.1, 1.01 × dense (0.899 to 1.14), within what the windows vary.",
    ],
    ["nothing", dense, "Perplexity on a.txt (4 windows of 64 tokens): dense 25.8, pruned 25.8 (no difference)."],
  ])("%s", (_, pruned, sentence) => {
    expect(perplexitySentence(evaluationOf(dense, pruned))).toBe(sentence);
  });

  test("has no interval of two windows, nor where windows were not kept, and says so", () => {
    const two = perplexitySentence(evaluationOf(dense.slice(0, 2), [3.3, 3.9]));
    expect(two).toContain("1.42 × dense; fewer than 3 windows give no interval.");
    const old = perplexitySentence(evaluationOf(dense, [3.3, 3.85, 2.9, 4.35], undefined, false));
    expect(old).toContain("1.42 × dense; there is no interval, since single windows were not kept.");
  });

  test("is called certain 95 times of 100", () => {
    const next = randomNumbers(1);
    const sentences = Array.from({ length: 100 }, () => {
      const { tokens, dense, models } = simulatedLosses([{ more: 0 }], 8, next);
      return perplexitySentence(evaluationOf(dense, models[0], tokens));
    });
    expect(sentences.filter((sentence) => !sentence.includes("within what the windows vary")).length).toBeLessThan(11);
  });
});

describe("what an allocation buys", () => {
  const even = [3.1, 3.6, 2.6, 4.1, 3.1, 3.6];
  const dense = even.map((loss) => loss - 0.1);
  const said = (pruned: readonly number[], kept = true) => {
    const evaluation = evaluationOf(dense, pruned, undefined, kept);
    const perplexity = Math.exp(even.reduce((sum, loss) => sum + loss, 0) / even.length);
    return allocationSentence({
      allocation: "activation",
      perplexity: { ...evaluation, even: { perplexity, agreement: 1, divergence: 0, losses: kept ? even : undefined } },
    });
  };

  test.each([
    [
      "less perplexity, in every window",
      even.map((loss, i) => loss - 0.1 - 0.005 * i),
      "The allocation is worth it here: perplexity 25.5 allocated by activation, 28.5 where every layer loses the same share, 11 % less (9.8 % to 12 %).",
    ],
    [
      "more, in every window",
      even.map((loss, i) => loss + 0.1 + 0.005 * i),
      "The allocation costs here: perplexity 31.9 allocated by activation, 28.5 where every layer loses the same share, 12 % more (11 % to 13 %).",
    ],
    [
      "less in some and more in others",
      even.map((loss, i) => loss + (i % 2 === 0 ? 0.1 : -0.12)),
      "The allocation has bought nothing that could be told here: perplexity 28.2 allocated by activation, 28.5 where every layer loses the same share (within what windows and rounding vary).",
    ],
    [
      "certainly less, but by no more than rounding makes",
      even.map((loss, i) => loss - 0.01 - 0.0001 * i),
      "The allocation has bought nothing that could be told here: perplexity 28.2 allocated by activation, 28.5 where every layer loses the same share (within what windows and rounding vary).",
    ],
  ])("%s", (_, pruned, sentence) => {
    expect(said(pruned)).toBe(sentence);
  });

  test("is not told where windows were not kept, nor where the same share was not measured", () => {
    expect(
      said(
        even.map((loss) => loss - 0.1),
        false,
      ),
    ).toContain("bought nothing that could be told here");
    expect(allocationSentence({ allocation: "uniform", perplexity: evaluationOf(dense, even) })).toBeUndefined();
    expect(allocationSentence({ allocation: "activation", perplexity: null })).toBeUndefined();
  });

  test("is wrongly told 5 times of 100 at most", () => {
    const next = randomNumbers(5);
    const told = Array.from({ length: 200 }, () => {
      const { tokens, dense, models } = simulatedLosses([{ more: 0.1 }, { more: 0.1 }], 8, next);
      const evaluation = evaluationOf(dense, models[0], tokens);
      const beside = { perplexity: 1, agreement: 1, divergence: 0, losses: models[1] };
      return allocationSentence({ allocation: "owl", perplexity: { ...evaluation, even: beside } }) ?? "";
    });
    expect(told.filter((sentence) => !sentence.includes("bought nothing")).length).toBeLessThan(16);
  });
});

describe("a curve", () => {
  const windows = 12;
  const steep = [0.1, 0.3, 0.6, 1];

  test("says which criterion costs less, where, and by how much", () => {
    const { points, evaluation } = curveOf(
      { magnitude: steep, wanda: [0.1, 0.15, 0.3, 0.5] },
      { windows, next: randomNumbers(12) },
    );
    expect(criteriaFinding(points, evaluation)).toMatch(
      /^Wanda costs less perplexity than magnitude from 20 % to 40 %: at 40 % 0\.6\d* × as much \(0\.5\d* to 0\.6\d*\)\. Other differences of criteria are within what windows and rounding vary\.$/,
    );
    expect(curveFinding(points, evaluation)).toMatch(
      /^Certainly within 10 % of the dense perplexity: magnitude not even at 10 %, Wanda (not even at|up to) 10 %\.$/,
    );
  });

  test("says of each two where one is less, in both directions", () => {
    const { points, evaluation } = curveOf(
      { magnitude: [0, 0.4, 0.2], wanda: [0, 0.1, 0.6] },
      { windows, next: randomNumbers(3) },
    );
    const sentence = criteriaFinding(points, evaluation);
    expect(sentence).toMatch(/^Wanda costs less perplexity than magnitude at 20 %: 0\.7\d* × as much/);
    expect(sentence).toMatch(/; magnitude costs less perplexity than Wanda at 30 %: 0\.6\d* × as much/);
  });

  test("takes what is nearly the same in every window as rounding", () => {
    const dense = [3, 3.5, 2.5, 4, 3];
    const evaluation = evaluationOf(dense, dense);
    const points = [0.3, 0.315].map((more, i) => ({
      ...{ sparsity: 0.5, agreement: 1, divergence: 0, perplexity: 30 * Math.exp(more) },
      criterion: (["wanda", "magnitude"] as const)[i],
      losses: dense.map((loss, window) => loss + more + 1e-4 * window),
    }));
    expect(criteriaFinding(points, evaluation)).toBe(`Which criterion costs less is ${CHANCE}.`);
  });

  test("compares nothing of one criterion, of two windows, or where windows were not kept", () => {
    const next = randomNumbers(4);
    const one = curveOf({ wanda: steep }, { windows, next });
    expect(criteriaFinding(one.points, one.evaluation)).toBe("");
    const few = curveOf({ magnitude: steep, wanda: [0, 0, 0, 0] }, { windows: 2, next });
    expect(criteriaFinding(few.points, few.evaluation)).toBe(
      "Which criterion costs less is not certain: fewer than 3 windows give no interval.",
    );
    const old = curveOf({ magnitude: steep, wanda: [0, 0, 0, 0] }, { windows, next, kept: false });
    expect(criteriaFinding(old.points, old.evaluation)).toBe(
      "Which criterion costs less is not certain: there is no interval, since single windows were not kept.",
    );
    expect(curveFinding(old.points, old.evaluation)).toMatch(/^Within 10 % of the dense perplexity: /);
  });

  test("of criteria that cost the same tells two apart 5 times of 100", () => {
    const next = randomNumbers(5);
    const sentences = Array.from({ length: 100 }, () => {
      const { points, evaluation } = curveOf(
        { magnitude: steep, wanda: steep, sparsegpt: steep },
        { windows: 8, next },
      );
      return criteriaFinding(points, evaluation);
    });
    expect(sentences.filter((sentence) => sentence !== `Which criterion costs less is ${CHANCE}.`).length).toBeLessThan(
      11,
    );
  });

  test("goes above 10 % in truth where it is called certainly within 5 times of 100", () => {
    const next = randomNumbers(6);
    const sentences = Array.from({ length: 100 }, () => {
      const { points, evaluation } = curveOf({ wanda: [Math.log(1.1) + 0.001, 1] }, { windows: 8, next });
      return curveFinding(points, evaluation);
    });
    expect(sentences.filter((sentence) => sentence.includes("up to")).length).toBeLessThan(8);
  });
});
