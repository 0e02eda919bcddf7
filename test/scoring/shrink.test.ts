import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

import type { ShrinkDocument } from "../../src/engine/document/document";
import { openModel } from "../../src/engine/index";
import type { Structure } from "../../src/engine/shrink/options";
import { plannedRemovalSentence } from "../../src/format/shrink";
import { paramscope } from "../cli/session";
import { repository, sample, settings, shrinkOf, startClient } from "./support";

const { client } = startClient();

afterAll(() => client.dispose());

const names = ["fiction/harbour.txt", "science/yeast.txt"];
const short = { ...settings, window: 64, maxSamples: 4 };
const asked = {
  calibration: { texts: names.map(sample) },
  structure: "layers",
  by: "activation",
  settings: short,
} as const;
const layers = (count: number) => ({ kind: "count", count }) as const;
const share = (of: number) => ({ kind: "share", share: of }) as const;

/** A run, and the phases that it went through. */
async function phasesOf(wanted: Parameters<typeof shrinkOf>[0]): Promise<[ShrinkDocument, Set<string>]> {
  const phases = new Set<string>();
  const document = await client.run(shrinkOf(wanted), { progress: ({ phase }) => phases.add(phase) });
  return [document, phases];
}

const order = (document: ShrinkDocument): number[] =>
  document.layers
    .filter(({ isGone }) => isGone)
    .sort((a, b) => (a.step ?? 0) - (b.step ?? 0))
    .map(({ layer }) => layer);

const fileNames = names.map((name) => `samples/${name}`);

test.each([
  ["layers", layers(2), ["--layers", "2"]],
  ["heads", share(0.25), ["--heads", "25%"]],
  ["neurons", share(0.2), ["--neurons", "20%"]],
] as const)("%s go as on the command line", async (structure, amount, options) => {
  const evaluation = sample("math/orchard.txt");
  const document = await client.run(shrinkOf({ ...asked, structure, amount, evaluation, compared: ["last"] }));
  const args = [...options, "--window", "64", "--max-samples", "4", "--compare", "last"];
  const evaluated = ["--evaluate", "samples/math/orchard.txt", "--json"];
  const { stdout } = await paramscope(["shrink", ...fileNames, ...args, ...evaluated]);
  const expected = JSON.parse(stdout) as ShrinkDocument;
  expect(document.layers).toEqual(expected.layers);
  expect(document.size).toEqual(expected.size);
  expect(document.evaluation).toEqual({ ...expected.evaluation, text: "math/orchard.txt" });
  expect(document.compared).toEqual(expected.compared);
});

test("what was measured is not measured again: not for a text to evaluate, an export, or fewer layers", async () => {
  const calibration = { texts: [sample("science/yeast.txt")] };
  const wanted = { ...asked, calibration };
  const [first, phases] = await phasesOf({ ...wanted, amount: layers(4) });
  expect(phases).toContain("backward");
  const [measured, again] = await phasesOf({
    ...wanted,
    amount: layers(4),
    evaluation: sample("math/orchard.txt"),
  });
  expect(again).not.toContain("backward");
  expect(measured.layers).toEqual(first.layers);
  const [fewer, less] = await phasesOf({ ...wanted, amount: layers(2) });
  expect(less).not.toContain("backward");
  expect(order(fewer)).toEqual(order(first).slice(0, 2));
  expect(plannedRemovalSentence(first, fewer)).toContain(`layers ${order(fewer).join(" and ")} would go`);
  // more layers are measured from there on, and other texts anew
  const [more, some] = await phasesOf({ ...wanted, amount: layers(5) });
  expect(some).toContain("backward");
  expect(order(more).slice(0, 4)).toEqual(order(first));
  const [, others] = await phasesOf({ ...asked, amount: layers(2) });
  expect(others).toContain("backward");
  const [, ofUnits] = await phasesOf({ ...asked, structure: "neurons", amount: share(0.2) });
  expect(ofUnits).toContain("backward");
});

test("by perplexity the losses without each layer are kept, too", async () => {
  const wanted = { ...asked, by: "perplexity" } as const;
  const steps = async (count: number): Promise<number> => {
    let passes = 0;
    await client.run(shrinkOf({ ...wanted, amount: layers(count) }), { progress: () => passes++ });
    return passes;
  };
  const first = await steps(2);
  expect(await steps(2)).toBeLessThan(first / 4);
});

test("what is left is written, and is the model that our own engine reads", async () => {
  const parent = await mkdtemp(join(tmpdir(), "paramscope-"));
  try {
    const exportTo = { folder: join(parent, "smaller"), force: false };
    const ggufTo = { file: join(parent, "smaller.gguf"), force: false };
    const document = await client.run(shrinkOf({ ...asked, amount: layers(2), exportTo, ggufTo }));
    expect(document.files.map(({ kind }) => kind)).toEqual(["folder", "gguf"]);
    for (const path of [exportTo.folder, ggufTo.file]) {
      const model = await openModel(path);
      expect(model.layers).toBe(10);
      await model.close();
    }
    await expect(client.run(shrinkOf({ ...asked, amount: layers(2), ggufTo }))).rejects.toMatchObject({ kind: "user" });
  } finally {
    await rm(parent, { recursive: true });
  }
});

const fixture = (name: string) => ({ ...short, model: join(repository, "test/fixtures", name) });
const possible = async (model: string): Promise<string[]> =>
  (await client.shrinkChoices(fixture(model))).filter((choice) => "most" in choice).map(({ structure }) => structure);

test("what can go is known before anything is computed, and why the rest cannot", async () => {
  expect(await client.shrinkChoices(short)).toEqual([
    { structure: "layers", of: 12, most: 11 },
    { structure: "neurons", of: 512, most: 511 },
    { structure: "heads", of: 2, most: 1 },
    { structure: "experts", refusal: "demo has no experts: its feed-forwards are no mixtures." },
  ]);
  expect(await possible("mixtral")).toEqual(["layers", "heads", "experts"]);
  // experts in groups
  expect(await possible("deepseek_v3")).not.toContain("experts");
  expect(await possible("gemma4")).toEqual([]);
});

test.each<[string, string, Structure, ReturnType<typeof layers> | ReturnType<typeof share>, RegExp, RegExp]>([
  [
    "experts of a model without any",
    "../../models/demo",
    "experts",
    share(0.25),
    /no experts/,
    /Take out layers, neurons/,
  ],
  ["experts in groups", "deepseek_v3", "experts", share(0.25), /stand in groups/, /Take out layers or heads/],
  ["neurons of a mixture", "mixtral", "neurons", share(0.2), /are experts/, /Take out experts/],
  ["all layers", "../../models/demo", "layers", layers(12), /0 of the 12 layers/, /Take out at most 11/],
  ["a share that is not one", "../../models/demo", "heads", share(0.1), /is not one/, /Take out a larger share/],
])("%s cannot go, and what can is said", async (_, model, structure, amount, message, remedy) => {
  const wanted = shrinkOf({ ...asked, structure, amount, settings: fixture(model) });
  await expect(client.run(wanted)).rejects.toMatchObject({
    kind: "user",
    message: expect.stringMatching(message) as string,
    remedy: expect.stringMatching(remedy) as string,
  });
});

test("without a text nothing is chosen", async () => {
  const calibration = { texts: [{ source: "empty.txt", text: "" }] };
  await expect(client.run(shrinkOf({ ...asked, calibration, amount: layers(2) }))).rejects.toMatchObject({
    kind: "user",
  });
});

test("a run is cancelled, and the process goes on", async () => {
  const controller = new AbortController();
  const wanted = shrinkOf({ ...asked, by: "perplexity", amount: layers(3), settings: { ...short, window: 32 } });
  const run = client.run(wanted, { progress: () => controller.abort() }, controller.signal);
  await expect(run).rejects.toMatchObject({ kind: "cancelled" });
  const document = await client.run(shrinkOf({ ...asked, by: "last", amount: layers(2) }));
  expect(order(document)).toHaveLength(2);
});

test("a small choice of short texts is certainly short; each layer left out of a long text is not", async () => {
  expect(
    await client.estimate(shrinkOf({ ...asked, amount: layers(2), settings: { ...short, maxSamples: 1 } })),
  ).toBeNull();
  const { text } = sample("fiction/harbour.txt");
  const texts = Array.from({ length: 40 }, (_, i) => ({ source: `copy ${i}`, text: `${i} ${text}` }));
  const calibration = { texts };
  const long = { ...asked, calibration, by: "perplexity", settings: { ...settings, maxSamples: 64 } } as const;
  const cost = await client.estimate(shrinkOf({ ...long, amount: layers(6) }));
  expect(cost?.seconds[0]).toBeGreaterThan(1);
});
