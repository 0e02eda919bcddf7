import { describe, expect, test } from "vitest";
import type { ShrinkDocument } from "../../src/engine/document/document";
import {
  comparedShrinkWays,
  configurationSentence,
  goneInWords,
  goneSentence,
  leftSentences,
  plannedRemovalSentence,
  removedInWords,
  scoreInWords,
  scoreTitle,
  shrinkCommand,
  shrinkCostSentences,
  shrinkFileSentences,
  shrinkTitle,
  shrinkWaysFinding,
  speedSentence,
} from "../../src/format/shrink";
import { readPart } from "../../src/format/quantities";

const measured = (divergences: readonly number[]) => ({
  perplexity: 20.4,
  agreement: 0.9,
  divergence: divergences.reduce((a, b) => a + b) / divergences.length,
  divergences: [...divergences],
  losses: divergences.map((divergence) => 3 + divergence),
});

const windows = [0.11, 0.12, 0.1, 0.13, 0.11, 0.12];
/** Twice as much on every window, half as much, and the same on the average. */
const twice = windows.map((value) => 2 * value);
const half = windows.map((value) => value / 2);
const alike = windows.map((value, i) => value + (i % 2 === 0 ? 0.04 : -0.04));

const evaluation = {
  text: "wiki.txt",
  window: 256,
  windows: 6,
  available: 9,
  tokens: windows.map(() => 255),
  dense: { perplexity: 18, losses: windows.map(() => 2.9) },
  shrunk: measured(windows),
};

const layer = (number: number, step: number | null, score: number | null) => ({
  layer: number,
  isGone: step !== null,
  units: 0,
  gone: [],
  step,
  score,
});

function documentOf(changes: Partial<ShrinkDocument> = {}): ShrinkDocument {
  return {
    format: "paramscope.shrink",
    version: 1,
    model: {
      name: "small",
      architecture: "llama",
      layers: 3,
      parameters: 13_000,
      scored: 9600,
      path: "small",
      hash: "",
    },
    run: { runtime: "onnx", version: "0.1.0", seconds: 4.2, windowsSkipped: 0, notes: [] },
    target: "spread",
    calibration: { sources: ["a.txt", "b.txt"], samples: 3, tokens: 2048, window: 512 },
    structure: "layers",
    by: "activation",
    steps: 2,
    seed: 0,
    removed: 2,
    of: 3,
    layers: [layer(0, 2, 0.3), layer(1, null, 0.9), layer(2, 1, 0.2)],
    configuration: [
      { key: "num_hidden_layers", dense: 3, shrunk: 1 },
      { key: "layer_types", dense: ["a", "b", "a"], shrunk: ["b"] },
    ],
    size: {
      dense: { parameters: 13_000, layers: 3, bytes: 26_000, keyValueBytes: 300 },
      shrunk: { parameters: 6500, layers: 1, bytes: 13_000, keyValueBytes: 100 },
    },
    speed: { tokens: 1000, dense: [100, 110, 90], shrunk: [200, 231, 180] },
    evaluation: null,
    compared: [],
    curve: [],
    continuation: null,
    files: [],
    ...changes,
  };
}

const unit = { layer: 0, isGone: false, units: 8, gone: [1, 5], step: null, score: 0.04 };
const ofNeurons = documentOf({ structure: "neurons", removed: 2, of: 8, layers: [unit, { ...unit, layer: 1 }] });

test("what went is said as it went", () => {
  expect(shrinkTitle(documentOf())).toBe(
    "2 texts · small · without 2 of 3 layers, by activation · 2,048 tokens · 4.2 s",
  );
  expect(goneSentence(documentOf())).toBe("Layers 2 and 0 go, in that order, 2 times measured anew.");
  const atOnce = { steps: 1, layers: [layer(0, 1, null), layer(1, null, null), layer(2, 1, null)] };
  expect(goneSentence(documentOf(atOnce))).toBe("Layers 0 and 2 go.");
  expect(removedInWords(ofNeurons)).toBe("2 of 8 neurons of each layer");
  expect(goneSentence(ofNeurons)).toBe("Every layer loses 2 neurons, 2 times measured anew.");
  const some = { ...ofNeurons, steps: 1, removed: 1, layers: [unit, { ...unit, layer: 1, units: 0, gone: [] }] };
  expect(goneSentence(some)).toBe("The layer that has some loses 1 neuron.");
  expect(goneInWords([1, 5])).toBe("1, 5");
  expect(goneInWords(Array.from({ length: 20 }, (_, i) => i))).toBe("0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 … (20)");
  expect([scoreTitle(documentOf()), scoreInWords(documentOf(), 0.3)]).toEqual(["activation", "0.3"]);
  expect([scoreTitle(ofNeurons), scoreInWords(ofNeurons, 0.04)]).toEqual(["share of the activation", "4 %"]);
});

test("what is left is said with what it was", () => {
  expect(leftSentences(documentOf())).toEqual([
    "What is left has 6.5k of 13k parameters (50 %), and takes 13 kB in place of 26 kB.",
    "For each token of a text it keeps 100 bytes of keys and values in place of 300 bytes.",
  ]);
  const { size } = documentOf();
  const same = { ...size, shrunk: { ...size.shrunk, keyValueBytes: 300 } };
  expect(leftSentences(documentOf({ size: same }))[1]).toBe(
    "For each token of a text it keeps as much as before: 300 bytes of keys and values.",
  );
  expect(configurationSentence(documentOf())).toBe(
    "Its configuration says num_hidden_layers 1, not 3 and layer_types of 1 layer.",
  );
  expect(shrinkFileSentences(documentOf({ files: [{ kind: "folder", path: "less", bytes: 13_000 }] }))).toEqual([
    "The model is in less, as transformers loads it: 13 kB of weights.",
  ]);
});

describe("it is faster or slower", () => {
  test.each([
    [[200, 231, 180], "200 (180 to 231) tokens a second in place of 100 (90 to 110): it is 2 × as fast."],
    [[50, 55, 45], "50 (45 to 55) tokens a second in place of 100 (90 to 110): it is slower, 0.5 × as fast."],
    [
      [50, 121, 95],
      "95 (50 to 121) tokens a second in place of 100 (90 to 110): which is not certainly faster or slower.",
    ],
  ])("only where it was in every round: %j", (shrunk, said) => {
    const { speed } = documentOf();
    expect(speedSentence({ speed: { ...speed, shrunk } })).toBe(`With Paramscope's own forward pass it reads ${said}`);
  });
});

test("what it costs is compared on the same windows, and said where it is certain", () => {
  expect(shrinkCostSentences(evaluation)[0]).toMatch(
    /^Divergence from the dense model on wiki\.txt \(6 windows of 256 tokens\): 0\.115 \(/,
  );
  const document = documentOf({
    evaluation,
    compared: [
      { by: "random", ...measured(twice) },
      { by: "perplexity", ...measured(half) },
      { by: "magnitude", ...measured(alike) },
    ],
  });
  expect(shrinkWaysFinding(document)).toBe(
    "The divergence is less than by chance (0.5 ×). The divergence is more than by change of perplexity (2 ×). How it compares with what goes by size of weights is within what windows vary.",
  );
  expect(
    comparedShrinkWays(document)
      .map(({ by }) => by)
      .slice(0, 1),
  ).toEqual(["perplexity"]);
  expect([shrinkWaysFinding(documentOf()), comparedShrinkWays(documentOf())]).toEqual(["", []]);
  // other amounts stand in their order, and have no part in what is said of this one
  const point = (by: "activation" | "random", removed: number, figures: readonly number[]) => ({
    by,
    removed,
    parameters: 10_000,
    ...measured(figures),
  });
  const curve = [point("random", 1, twice), point("activation", 1, half)];
  const compared = [{ by: "random", ...measured(twice) }] as const;
  const over = documentOf({ evaluation, compared: [...compared], curve });
  expect(comparedShrinkWays(over).map(({ by, removed, parameters }) => [removed, by, parameters])).toEqual([
    [1, "activation", 10_000],
    [1, "random", 10_000],
    [2, "activation", 6500],
    [2, "random", 6500],
  ]);
  expect(shrinkWaysFinding(over)).toBe("Without 2 of 3 layers the divergence is less than by chance (0.5 ×).");
});

test("what is known of another choice is said as planned, and nothing of the one that was made", () => {
  // 2 goes first, then 0
  const document = documentOf();
  const planned = (removed: number, by: ShrinkDocument["by"] = "activation", of = document) =>
    plannedRemovalSentence(of, { removed, by });
  expect(planned(2)).toBe("");
  expect(planned(1)).toBe("This is planned: layer 2 would go; what that would cost was not measured.");
  const unknown = "This is planned: what would go, and what that would cost, is not known yet.";
  // more than went, by another way, or fewer where they did not go one by one
  expect(planned(3)).toBe(unknown);
  expect(planned(2, "magnitude")).toBe(unknown);
  expect(planned(1, "activation", documentOf({ steps: 1 }))).toBe(unknown);
  expect(planned(1, "activation", ofNeurons)).toBe(unknown);
  const three = documentOf({
    removed: 3,
    steps: 3,
    of: 4,
    layers: [layer(0, 2, 0.3), layer(1, 3, 0.9), layer(2, 1, 0.2), layer(3, null, 1)],
  });
  expect(planned(2, "activation", three)).toMatch(/layers 2 and 0 would go/);
});

test("the command takes out as much, as it was asked for", () => {
  const document = documentOf();
  const two = { amount: { kind: "count", count: 2 }, by: "activation" } as const;
  const common = "--window 512 --max-samples 3 --export small-without-2-layers";
  expect(shrinkCommand(document, two)).toBe(`paramscope shrink a.txt b.txt --model small --layers 2 ${common}`);
  expect(shrinkCommand(documentOf({ steps: 1, target: "loss" }), two)).toBe(
    `paramscope shrink a.txt b.txt --model small --layers 2 --steps 1 --target loss ${common}`,
  );
  // steps of another choice than the one that was made
  expect(shrinkCommand(documentOf({ steps: 1 }), { ...two, amount: { kind: "count", count: 1 } })).toContain(
    "--layers 1 --window 512 --max-samples 3 --export small-without-1-layer",
  );
  expect(shrinkCommand(documentOf({ by: "random", steps: 1, seed: 7 }), { ...two, by: "random" })).toContain(
    "--by random --seed 7",
  );
  const ofOthers = { ...ofNeurons, run: { ...document.run, chat: true } };
  expect(shrinkCommand(ofOthers, { amount: { kind: "share", share: 1 / 8 }, by: "magnitude" })).toContain(
    "--neurons 12.5% --by magnitude --window 512 --max-samples 3 --chat --export small-without-1-neuron",
  );
});

test("a share is read as a person writes it", () => {
  expect(["20%", " 12.5 % ", "0.25", ".5"].map(readPart)).toEqual([0.2, 0.125, 0.25, 0.5]);
  for (const none of ["0%", "100%", "20", "1.5", "", "a fifth", "-3%"]) expect(readPart(none)).toBeUndefined();
});
