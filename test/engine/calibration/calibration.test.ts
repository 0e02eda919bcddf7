import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CalibrationChoiceRequest, CalibrationStudyRequest, Domain, PruneRequest } from "../../../src/engine/api";
import type { CalibrationDocument } from "../../../src/engine/document/document";
import { parseDocument } from "../../../src/kinds/parse-document";
import { chooseCalibration } from "../../../src/engine/calibration/choose";
import { calibrationStudy } from "../../../src/engine/calibration/study";
import { compare } from "../../../src/engine/compare/compare";
import { openModel, type Model } from "../../../src/engine/model/model";
import { prune } from "../../../src/engine/prune/prune";
import { perplexityOf } from "../../../src/engine/prune/window-losses";
import { calibrationTexts } from "../support/prune-reference";
import { fixturePath } from "../support/reference";
import { resultOf } from "../support/reference-values";
import { setOf } from "../support/samples";
import { maxLogit } from "../support/sweeping";
import { firstWindows } from "../../../src/engine/text/form-samples";

let model: Model;

beforeAll(async () => {
  model = await openModel(fixturePath("llama"));
});

afterAll(async () => {
  await model.close();
});

const texts = calibrationTexts();
const [a, b]: Domain[] = [
  { name: "a", texts: texts.slice(0, 2) },
  { name: "b", texts: texts.slice(2, 4) },
];

function methodOf(changes: Partial<PruneRequest> = {}) {
  return {
    model,
    target: maxLogit,
    threads: 1,
    window: 48,
    sparsity: 0.5,
    criterion: "wanda" as const,
    allocation: "uniform" as const,
    share: 0.1,
    ...changes,
  };
}

const study = async (changes: Partial<CalibrationStudyRequest> = {}) =>
  (await resultOf(calibrationStudy({ ...methodOf(), domains: [a, b], maxTexts: 64, windows: 8, ...changes }))).document;

const choice = async (changes: Partial<CalibrationChoiceRequest> = {}) => {
  const pool = { name: "pool", texts: texts.slice(2, 8) };
  const request = { ...methodOf(), domain: a, pool, choose: 2, seed: 7, maxTexts: 64, windows: 2, ...changes };
  return (await resultOf(chooseCalibration(request))).document;
};

describe("a calibration study", () => {
  test.each([
    ["wanda", "activation"],
    ["sparsegpt", "uniform"],
  ] as const)("by %s, allocation %s, says what pruning with each and evaluating on each would", async (...method) => {
    const [criterion, allocation] = method;
    const document = await study({ criterion, allocation });
    expect(document.calibrations.map(({ name, sources }) => [name, sources])).toEqual([
      ["a", ["calibration 1"]],
      ["b", ["calibration 3"]],
    ]);
    for (const [i, calibration] of [a, b].entries())
      for (const [k, evaluated] of [a, b].entries()) {
        const evaluation = { text: evaluated.texts[1], windows: 8 };
        const request = { ...methodOf({ criterion, allocation }), calibration: [calibration.texts[0]], evaluation };
        const { perplexity } = (await resultOf(prune(request))).document;
        expect(document.perplexity[i][k]).toBeCloseTo(perplexity?.pruned ?? NaN, 3);
        expect(document.dense[k]).toBeCloseTo(perplexity?.dense ?? NaN, 3);
        expect(document.agreement[i][k]).toBeCloseTo(perplexity?.agreement ?? NaN, 6);
        expect(document.divergence[i][k]).toBeCloseTo(perplexity?.divergence ?? NaN, 5);
        const { tokens = [], dense = [], pruned = [] } = perplexity?.losses ?? {};
        expect(document.losses?.tokens[k]).toEqual(tokens);
        expect(document.losses?.dense[k]).toEqual(dense.map((loss) => expect.closeTo(loss, 4) as number));
        expect(document.losses?.pruned[i][k]).toEqual(pruned.map((loss) => expect.closeTo(loss, 4) as number));
        expect(perplexityOf(document.losses?.dense[k] ?? [], tokens)).toBe(document.dense[k]);
        expect(perplexityOf(document.losses?.pruned[i][k] ?? [], tokens)).toBe(document.perplexity[i][k]);
        expect(document.evaluations[k]).toMatchObject({
          sources: [evaluated.texts[1].source],
          windows: perplexity?.windows,
        });
      }
  });

  test("is kept with what windows lose, and those of earlier versions open without", async () => {
    const document = JSON.parse(JSON.stringify(await study({ windows: 1 }))) as CalibrationDocument;
    expect(await parseDocument(JSON.stringify(document), "new")).toEqual(document);
    const old = { ...document, losses: undefined };
    expect(await parseDocument(JSON.stringify(old), "old")).toEqual(old);
  });

  test("goes from 0 to 1, saying with what it calibrates", async () => {
    const shares: number[] = [];
    const names = new Set<string | undefined>();
    for await (const event of calibrationStudy({ ...methodOf(), domains: [a, b], maxTexts: 64, windows: 1 })) {
      expect(event.type).not.toBe("layer");
      if (event.type !== "progress") continue;
      shares.push(event.share);
      names.add(event.calibration);
    }
    expect(shares).toEqual([...shares].sort((x, y) => x - y));
    expect(shares.at(-1)).toBeGreaterThan(0.85);
    expect([...names]).toEqual([undefined, "a", "b"]);
  });

  test("takes equally many texts and at most so many windows of each, and says what it left out", async () => {
    const { evaluations, run } = await study({
      domains: [
        { name: "a", texts: texts.slice(0, 5) },
        { name: "b", texts: [texts[5], { source: "x", text: "a" }, texts[6], texts[7]] },
      ],
      windows: 1,
    });
    expect(evaluations.map(({ windows, tokens }) => [windows, tokens])).toEqual([
      [1, 47],
      [1, 47],
    ]);
    expect(run.notes).toEqual([
      "The last of 5 texts of a was left out: another domain has 4.",
      "1 of 2 held-out texts of b predict nothing, with one token or none, and were left out.",
      "Of 2 of 2 calibration texts only the first 48 tokens were taken.",
      "The calibration has only 96 tokens: with some thousands the choice is less a matter of chance.",
    ]);
  });

  test.each<[string, Partial<CalibrationStudyRequest>, string]>([
    ["one domain", { domains: [a] }, "needs at least two domains"],
    ["a domain of one text", { domains: [a, { name: "b", texts: [texts[0]] }] }, "b has one text"],
    [
      "held-out texts of one token",
      { domains: [a, { name: "b", texts: [texts[0], { source: "x", text: "a" }] }] },
      "All held-out texts of b have one token or none",
    ],
    ["a method that no text has a say in", { criterion: "magnitude" }, "every calibration gives the same model"],
    ["too little memory", { memory: 1e6 }, "Pruning needs at least"],
  ])("is refused for %s", async (_, changes, message) => {
    await expect(study(changes)).rejects.toThrow(message);
  });
});

describe("choosing of a pool", () => {
  test("takes the texts that are most alike, by the similarity that a comparison has", async () => {
    const { choice: made, calibrations, evaluations, perplexity } = await choice();
    const similarities = made?.similarities ?? [];
    expect(similarities.map(({ similarity }) => similarity)).toEqual(
      similarities.map(({ similarity }) => similarity).sort((x, y) => y - x),
    );
    expect(similarities.map(({ chosen }) => chosen)).toEqual([true, true, false, false, false, false]);
    expect(calibrations.map(({ kind, texts: count }) => [kind, count])).toEqual([
      ["chosen", 2],
      ["random", 2],
      ["random", 2],
      ["random", 2],
    ]);
    expect(new Set(calibrations[0].sources)).toEqual(new Set(similarities.slice(0, 2).map(({ source }) => source)));
    expect([evaluations.length, perplexity.length]).toEqual([1, 4]);
    for (const { source, similarity } of similarities) {
      const pair = [a.texts[0], texts.find((text) => text.source === source) ?? texts[0]];
      const [own, other] = firstWindows(pair, model.tokenizer, { window: 48, context: model.context }).samples;
      const sides = { a: { name: "a", set: setOf([own]) }, b: { name: "b", set: setOf([other]) } };
      const { document } = await resultOf(
        compare({ model, target: maxLogit, threads: 1, ...sides, share: 0.1, template: null }),
      );
      expect(similarity).toBeCloseTo(document.relevance, 4);
    }
  });

  test("draws the same texts from the same seed, and others from another", async () => {
    const sourcesOf = async (seed: number) => (await choice({ seed })).calibrations.map(({ sources }) => sources);
    const first = await sourcesOf(7);
    expect(await sourcesOf(7)).toEqual(first);
    expect(await sourcesOf(8)).not.toEqual(first);
  });

  test("leaves the domain's own texts out of the pool", async () => {
    const { run, choice: made } = await choice({ pool: { name: "pool", texts: texts.slice(0, 8) } });
    expect(run.notes[0]).toBe("2 texts of pool are the domain's own, and were left out.");
    expect(made?.similarities).toHaveLength(6);
  });

  test.each([2, 3])("is refused where %d are to be chosen of two", async (choose) => {
    await expect(choice({ choose, pool: { name: "pool", texts: texts.slice(2, 4) } })).rejects.toThrow(
      `pool has 2 texts to choose from: ${choose} of them are no choice`,
    );
  });
});
