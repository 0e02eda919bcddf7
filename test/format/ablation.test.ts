import { describe, expect, test } from "vitest";
import type { AblationDescription } from "../../src/engine/document/document";
import { ablationSentences } from "../../src/format/ablation";
import { random } from "../engine/support/random";

const rome = { id: 1, text: " Rome" };
const the = { id: 2, text: " the" };

function ablation({
  before = 0.38,
  after = 0.12,
  likeliest = rome,
  own = 0.5,
  peers = [0.1, 0.2, 0.3],
  others = peers.length,
  level = "head",
}: {
  before?: number;
  after?: number;
  likeliest?: typeof rome;
  own?: number;
  peers?: readonly number[];
  others?: number;
  level?: "head" | "neuron";
} = {}): AblationDescription {
  return {
    sample: 0,
    level,
    layer: 5,
    module: "self_attn.k_proj",
    index: 1,
    token: rome,
    whole: { probability: before, next: [{ ...rome, probability: before }] },
    without: { probability: after, divergence: own, next: [{ ...likeliest, probability: 0.2 }] },
    others,
    peers: peers.map((divergence, index) => ({ index, probability: 0.3, divergence })),
  };
}

describe("what is said of a place that was taken away", () => {
  test.each([
    ["the token falls", {}, 'Without it " Rome" goes from 38 % to 12 %.'],
    ["it prints alike", { after: 0.3801 }, 'Without it " Rome" stays at 38 %.'],
    [
      "another token is the likeliest",
      { likeliest: the },
      'Without it " Rome" goes from 38 % to 12 %, and " the" is the likeliest, at 20 %.',
    ],
  ])("where %s", (_, values, said) => {
    expect(ablationSentences(ablation(values))[0]).toBe(said);
  });

  test.each([
    [
      "no other does as much",
      {},
      "None of the 3 other heads of that matrix changes the prediction as much when taken away.",
    ],
    [
      "another does as much, as it is printed",
      { peers: [0.1, 0.50001] },
      "None of the 2 other heads of that matrix changes the prediction more when taken away.",
    ],
    [
      "one does more",
      { peers: [0.1, 0.7] },
      "One of the 2 other heads of that matrix changes the prediction more when taken away.",
    ],
    [
      "several do more",
      { own: 0 },
      "Three of the 3 other heads of that matrix change the prediction more when taken away.",
    ],
    ["there is one other", { peers: [0.7] }, "Taking away the other head of that matrix changes the prediction more."],
    [
      "the one other does less",
      { peers: [0.1] },
      "Taking away the other head of that matrix changes the prediction less.",
    ],
    [
      "the one other does as much",
      { peers: [0.5] },
      "Taking away the other head of that matrix changes the prediction as much.",
    ],
    ["there is no other", { peers: [] }, "There is no other head of that matrix to compare that with."],
    [
      "some of many were tried",
      { level: "neuron" as const, others: 1535 },
      "None of the 3 others that were tried, of 1,535 of that layer, changes the prediction as much when taken away.",
    ],
  ])("where %s", (_, values, said) => {
    expect(ablationSentences(ablation(values))[1]).toBe(said);
  });

  test("a place like all others is the one that does most no more often than any of them", () => {
    const next = random(7);
    const rounds = 400;
    const others = 9;
    let most = 0;
    for (let round = 0; round < rounds; round++) {
      const [own = 0, ...peers] = Array.from({ length: others + 1 }, () => next());
      if (ablationSentences(ablation({ own, peers }))[1]?.includes("as much")) most++;
    }
    expect(most / rounds).toBeLessThan(2 / (others + 1));
    expect(most).toBeGreaterThan(0);
  });
});
