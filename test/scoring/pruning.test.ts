import { afterAll, expect, test } from "vitest";

import type { PruningDocument } from "../../src/engine/document/document";
import { paramscope } from "../cli/session";
import { analysisOf, pruningOf, sample, settings, startClient } from "./support";

const { client } = startClient();

afterAll(() => client.dispose());

const names = ["fiction/harbour.txt", "math/cyclists.txt"];
const short = { ...settings, window: 32, maxSamples: 4 };
const wanda = { criterion: "wanda", allocation: "activation", sparsity: 0.5, share: 0.1 } as const;

test("a model is pruned and evaluated as on the command line", async () => {
  const evaluation = { text: sample(names[0]), windows: 2, even: true };
  const asked = { ...wanda, calibration: { texts: names.map(sample) }, evaluation };
  const seen: number[] = [];
  const document = await client.run(pruningOf({ ...asked, settings: short }), {
    layer: ({ layer }) => seen.push(layer),
  });
  const files = names.map((name) => `samples/${name}`);
  const options = ["--window", "32", "--evaluate", files[0], "--windows", "2", "--json"];
  const expected = JSON.parse((await paramscope(["prune", ...files, ...options])).stdout) as PruningDocument;
  expect(document.layers).toEqual(expected.layers);
  expect(document.perplexity).toEqual({ ...expected.perplexity, text: names[0] });
  expect(seen).toEqual(document.layers.map(({ layer }) => layer));
});

test("another evaluation on the same text runs the pruned model alone", async () => {
  const evaluation = { text: sample(names[1]), windows: 2 };
  const asked = { ...wanda, calibration: { texts: names.map(sample) }, evaluation };
  const evaluated = async (sparsity: number) => {
    let passed = 0;
    const listener = { progress: ({ phase }: { phase: string }) => (passed += Number(phase === "evaluate")) };
    return { ...(await client.run(pruningOf({ ...asked, sparsity, settings: short }), listener)), passed };
  };
  const first = await evaluated(0.5);
  const { passed, perplexity, layers } = await evaluated(0.3);
  expect([first.passed, passed]).toEqual([2 * layers.length, layers.length]);
  expect(perplexity?.dense).toBe(first.perplexity?.dense);
});

test("samples of an analysis calibrate id for id, with the densities that it found", async () => {
  const analysis = await client.run(analysisOf({ texts: names.map(sample), settings: short }));
  const densities = analysis.layers.map(({ density }) => density);
  const { samples } = analysis;
  const calibration = { texts: [], samples, notes: ["A note."] };
  const document = await client.run(pruningOf({ ...wanda, calibration, densities, settings: short }));
  expect(document.calibration.tokens).toBe(samples.reduce((sum, { tokens }) => sum + tokens.length, 0));
  expect(document.layers.map(({ density }) => density)).toEqual(densities);
  expect(document.run.notes[0]).toBe("A note.");
});

test("first windows are analysed as they calibrate", async () => {
  const texts = names.map(sample);
  const { calibration } = await client.run(pruningOf({ ...wanda, calibration: { texts }, settings: short }));
  const { samples, run } = await client.run(
    analysisOf({ texts, firstWindows: true, notes: ["A note."], settings: short }),
  );
  expect(samples.map(({ source }) => source)).toEqual(calibration.sources);
  expect(samples.reduce((sum, { tokens }) => sum + tokens.length, 0)).toBe(calibration.tokens);
  expect(run.notes).toEqual(["A note."]);
});

test("magnitude has its sparsities from densities, and the note does not deny that", async () => {
  const densities = Array.from({ length: 12 }, (_, layer) => 0.3 - layer / 50);
  const calibration = { texts: [sample(names[0])] };
  const asked = { ...wanda, criterion: "magnitude", calibration, densities, settings: short } as const;
  const { layers, run } = await client.run(pruningOf(asked));
  expect(layers[0].sparsity).toBeLessThan(layers[11].sparsity);
  expect(run.notes.join(" ")).not.toContain("no say");
  const uniform = await client.run(pruningOf({ ...asked, allocation: "uniform" }));
  expect(uniform.run.notes.join(" ")).toContain("no say");
  expect(uniform.run.notes.join(" ")).not.toContain("equally densely");
});

test("what can be offered is known before anything is computed", async () => {
  const choices = await client.pruningChoices({ ...short, memory: 2 ** 26 });
  expect(choices.patterns).toEqual([
    { pruned: 2, of: 4 },
    { pruned: 4, of: 8 },
  ]);
  expect(choices.budget).toBe(2 ** 26);
  expect(choices.continuationMemory).toBeGreaterThan(4 * 4_718_592);
  const pruning = { ...wanda, calibration: { texts: [sample(names[0])] } };
  expect(await client.estimate({ ...pruningOf({ ...pruning, settings: short }), times: 1 })).toBeNull();
  const many = await client.estimate({ ...pruningOf({ ...pruning, settings: short }), times: 10_000 });
  expect(many?.seconds[0]).toBeGreaterThan(1);
});
