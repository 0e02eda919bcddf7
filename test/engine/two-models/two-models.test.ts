import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { TwoModelsRequest } from "../../../src/engine/api";
import type { ModelsDocument } from "../../../src/engine/document/document";
import { modelsDocument } from "../../../src/engine/document/models";
import { openModel, type Model } from "../../../src/engine/model/model";
import { FileCheckpoints } from "../../../src/engine/sweep/checkpoints";
import type { Sample } from "../../../src/engine/text/sample";
import { estimateModels } from "../../../src/engine/two-models/estimate-two-models";
import { compareModels } from "../../../src/engine/two-models/two-models";
import { maxLogit } from "../support/sweeping";
import type { ModelCopy } from "../support/model-copy";
import { kindsOfFixtures, fixturePath } from "../support/reference";
import { resultOf } from "../support/reference-values";
import { setOf } from "../support/samples";
import { formSamples } from "../../../src/engine/text/form-samples";
import { changedLlama } from "./changed-model";

interface ReferenceModule {
  readonly similarity: number;
  readonly both: number;
  readonly either: number;
  readonly a: number;
  readonly b: number;
  readonly norm: number;
  readonly changeNorm: number;
  readonly changed: number;
  readonly zeroed: number;
  readonly effect: number;
  readonly usage: number | null;
}

interface ReferenceComparison {
  readonly modules: readonly Readonly<Record<string, ReferenceModule>>[];
  readonly similarity: readonly number[];
  readonly rho: number;
  readonly kl: readonly number[];
  readonly agrees: readonly boolean[];
  /** Of A and of B, per sample. */
  readonly top: readonly (readonly number[][])[];
  readonly others: Readonly<Record<string, number>>;
}

const here = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
/** test/reference/make_models.py */
const reference = JSON.parse(readFileSync(here("reference/models.json"), "utf8")) as {
  readonly texts: readonly string[];
  readonly share: number;
} & Readonly<Record<"changed" | "reverse" | "gguf", ReferenceComparison>>;
const wholeGguf = here("data/gguf-whole/llama-yarn.gguf");

const { texts, share } = reference;

function samplesFor({ tokenizer, context }: Model, of: readonly string[] = texts): Sample[] {
  const all = of.map((text, i) => ({ source: `text ${i + 1}`, text }));
  return formSamples(all, tokenizer, { window: 512, maxSamples: 64, context }).samples;
}

function requestOf(model: Model, other: Model, more: Partial<TwoModelsRequest> = {}): TwoModelsRequest {
  return { model, other, set: setOf(samplesFor(model)), share, seed: 0, target: maxLogit, threads: 1, ...more };
}

async function compared(model: Model, other: Model, more?: Partial<TwoModelsRequest>): Promise<ModelsDocument> {
  return (await resultOf(compareModels(requestOf(model, other, more)))).document;
}

function expectNear(actual: number | null | undefined, expected: number, relative: number): void {
  expect(Math.abs((actual ?? NaN) - expected)).toBeLessThanOrEqual(relative * Math.abs(expected));
}

function expectReference(document: ModelsDocument, expected: ReferenceComparison): void {
  for (const { layer, similarity, overlap, modules } of document.layers) {
    expectNear(similarity, expected.similarity[layer], 2e-3);
    let [both, either] = [0, 0];
    for (const module of modules) {
      const own = expected.modules[layer][module.name];
      expectNear(module.similarity, own.similarity, 2e-3);
      expect(Math.abs(module.overlap - own.both / own.either)).toBeLessThan(0.005);
      expectNear(module.a, own.a, 1e-3);
      expectNear(module.b, own.b, 1e-3);
      expectNear(module.norm, own.norm, 1e-5);
      expectNear(module.changeNorm, own.changeNorm, 1e-5);
      expectNear(module.relative, own.changeNorm / own.norm, 1e-5);
      expect([module.changed, module.zeroed]).toEqual([own.changed, own.zeroed]);
      expectNear(module.effect, own.effect, 1e-3);
      if (own.usage === null) expect(module.usage).toBeNull();
      else expectNear(module.usage, own.usage, 1e-3);
      both += own.both;
      either += own.either;
    }
    expect(Math.abs(overlap - both / either)).toBeLessThan(0.005);
  }
  document.predictions.forEach(({ kl, agrees, b }, i) => {
    expect(Math.abs(kl - expected.kl[i])).toBeLessThan(1e-4);
    expect(agrees).toBe(expected.agrees[i]);
    expect([document.samples[i].nextTokens, b.nextTokens].map((next) => next.map(({ id }) => id))).toEqual([
      expected.top[0][i],
      expected.top[1][i],
    ]);
  });
  for (const [name, relative] of Object.entries(expected.others))
    expectNear(document.others.find((other) => other.name === name)?.relative, relative, 1e-5);
  expect(document.relation?.rho).toBeCloseTo(expected.rho, 2);
}

let llama: Model;
let changed: Model;
let copy: ModelCopy;

beforeAll(async () => {
  copy = await changedLlama();
  llama = await openModel(fixturePath("llama"));
  changed = await openModel(copy.path);
});

afterAll(async () => {
  await llama.close();
  await changed.close();
  await copy.remove();
});

describe("a model against one that was made from it", () => {
  test("has PyTorch's values, and passes as a saved document", async () => {
    const document = await compared(llama, changed);
    expectReference(document, reference.changed);
    expect(modelsDocument.parse(JSON.parse(JSON.stringify(document)))).toEqual(document);
    expect(document.tokens).toBe(512);
    expect(document.run.notes).toEqual([]);
    const kl = reference.changed.kl.reduce((sum, value) => sum + value, 0) / texts.length;
    expect(document.kl.mean).toBeCloseTo(kl, 4);
    const [low, high] = document.kl.interval ?? [];
    expect(low).toBeLessThan(kl);
    expect(high).toBeGreaterThan(kl);
    // Student's t with two degrees of freedom, by hand
    const deviation = Math.sqrt(reference.changed.kl.reduce((sum, value) => sum + (value - kl) ** 2, 0) / 2);
    expect(high).toBeCloseTo(kl + (4.302653 * deviation) / Math.sqrt(3), 3);
    expect(document.agreement).toMatchObject({ count: 1, of: 3 });
    const relation = document.relation?.interval ?? [];
    expect(relation[0]).toBeLessThan(reference.changed.rho);
    expect(relation[1]).toBeGreaterThan(reference.changed.rho);
  });

  test("has PyTorch's values the other way round, where weights are 0 that the other has", async () => {
    expectReference(await compared(changed, llama), reference.reverse);
  });

  test("adds up what its matrices have", async () => {
    const { layers, change } = await compared(llama, changed);
    const modules = layers.flatMap((layer) => layer.modules);
    const sumOf = (figure: "parameters" | "a" | "effect" | "changed" | "changeSize"): number =>
      modules.reduce((sum, module) => sum + module[figure], 0);
    for (const figure of ["parameters", "a", "effect", "changed", "changeSize"] as const)
      expectNear(change[figure], sumOf(figure), 1e-12);
    expectNear(change.norm, Math.hypot(...modules.map(({ norm }) => norm)), 1e-12);
    expectNear(change.changeNorm, Math.hypot(...modules.map(({ changeNorm }) => changeNorm)), 1e-12);
    const blind = modules.reduce((sum, { a, changeSize, size }) => sum + (a * changeSize) / size, 0);
    expectNear(change.usage, change.effect / blind, 1e-12);
  });

  test("says where nothing was changed", async () => {
    const { layers, others } = await compared(llama, changed);
    const [{ modules, relative, usage, changed: count }] = layers;
    expect([relative, usage, count]).toEqual([0, null, 0]);
    for (const module of modules) expect([module.relative, module.effect]).toEqual([0, 0]);
    expect(others.map(({ name, relative }) => [name, relative === 0])).toEqual([
      ["model.embed_tokens.weight", true],
      ["lm_head.weight", false],
      ["model.norm.weight", false],
      ["input_layernorm.weight", true],
      ["post_attention_layernorm.weight", true],
    ]);
    expect(others.at(-1)?.layers).toEqual([0, 0, 0, 0, 0, 0]);
    expect(others[0].layers).toBeNull();
  });

  test("does not depend on how the samples are cut into batches, tiles and files", async () => {
    const whole = await compared(llama, changed);
    const { leastMemory } = await estimateModels(requestOf(llama, changed));
    const small = await compared(llama, changed, { memory: leastMemory });
    whole.layers.forEach(({ modules }, layer) => {
      modules.forEach((module, m) => {
        const other = small.layers[layer].modules[m];
        for (const figure of ["similarity", "a", "b", "effect"] as const)
          expectNear(other[figure], module[figure], 1e-5);
        expect(other.changeNorm).toBe(module.changeNorm);
      });
    });
  });

  test.each([{ kind: "loss" }, { kind: "next-token", position: 3 }, { kind: "logit", token: 7 }] as const)(
    "with the target %j compares what that depends on",
    async (target) => {
      const [document, plain] = [await compared(llama, changed, { target }), await compared(llama, changed)];
      expect(document.change.changeNorm).toBe(plain.change.changeNorm);
      expect(document.layers[3].similarity).not.toBeCloseTo(plain.layers[3].similarity, 4);
      // the next token is that of the last position, but where the target has another
      if (target.kind === "next-token") expect(document.kl.mean).not.toBeCloseTo(plain.kl.mean, 4);
      else expect(document.kl.mean).toBeCloseTo(plain.kl.mean, 5);
    },
  );
});

describe("a model and itself", () => {
  test("differ in nothing", async () => {
    const { layers, change, kl, agreement, others, relation, model, modelB } = await compared(llama, llama);
    expect(modelB).toEqual(model);
    for (const { similarity, overlap, modules } of layers)
      for (const one of [{ similarity, overlap }, ...modules]) {
        expect(one.similarity).toBeCloseTo(1, 9);
        expect(one.overlap).toBe(1);
      }
    expect(change).toMatchObject({ changeNorm: 0, relative: 0, changed: 0, zeroed: 0, effect: 0, usage: null });
    expect(change.a).toBe(change.b);
    expect(kl).toEqual({ mean: 0, interval: [0, 0] });
    expect(agreement).toMatchObject({ count: 3, of: 3 });
    expect(others.every(({ relative }) => relative === 0)).toBe(true);
    expect(relation).toBeNull();
  });
});

describe("a model of every architecture", () => {
  test.each(kindsOfFixtures)("%s differs in nothing from itself, and has all its tensors looked at", async (name) => {
    const model = await openModel(fixturePath(name));
    try {
      const { change, kl, others, layers } = await compared(model, model);
      expect([change.changed, kl.mean]).toEqual([0, 0]);
      for (const { similarity } of layers) expect(similarity).toBeCloseTo(1, 9);
      const looked = others.reduce((sum, { parameters }) => sum + parameters, model.scored);
      expect(looked).toBe(model.parameters);
    } finally {
      await model.close();
    }
  });
});

describe("a GGUF file and the folder that it was made of", () => {
  test("are compared weight by weight, whatever the file's order of rows", async () => {
    const [folder, file] = [await openModel(fixturePath("llama-yarn")), await openModel(wholeGguf)];
    try {
      const document = await compared(folder, file);
      expectReference(document, reference.gguf);
      expect(document.run.notes).toEqual([]);
      // of q and k the file has the rows in another order: what rounding makes is all that differs
      for (const { modules } of document.layers)
        for (const { relative } of modules) expect(relative).toBeLessThan(0.12);
    } finally {
      await folder.close();
      await file.close();
    }
  });
});

describe("the run", () => {
  test("tells layers once both models are done with them, the deepest first, and how far it is", async () => {
    const events = [];
    for await (const event of compareModels(requestOf(llama, changed))) events.push(event);
    const layers = events.flatMap((event) => (event.type === "layer" ? [event] : []));
    expect(layers.map(({ layer }) => layer)).toEqual([5, 4, 3, 2, 1, 0]);
    expect(Object.keys(layers[0].figures)).toEqual(["similarity", "overlap", "change"]);
    expect(layers[5].figures.change).toBe(0);
    const shares = events.flatMap((event) => (event.type === "progress" ? [event.share] : []));
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBeCloseTo(1, 9);
    expect(events.at(-1)?.type).toBe("done");
  });

  test("is refused where two models do not fit the memory, with the figure that would do", async () => {
    const { leastMemory, memory } = await estimateModels(requestOf(llama, changed));
    expect(leastMemory).toBeLessThanOrEqual(memory);
    const refused = compared(llama, changed, { memory: leastMemory - 2 ** 20 });
    await expect(refused).rejects.toThrow(`This run needs at least ${Math.ceil(leastMemory / 2 ** 20)} MiB`);
  });

  /** What ends a run while layers are done, with checkpoints in files. */
  async function ended(how: (controller: AbortController) => void): Promise<readonly [opened: number, closed: number]> {
    const [opened, closed] = [vi.spyOn(FileCheckpoints, "create"), vi.spyOn(FileCheckpoints.prototype, "dispose")];
    try {
      const controller = new AbortController();
      const { leastMemory } = await estimateModels(requestOf(llama, changed));
      const run = compareModels(requestOf(llama, changed, { signal: controller.signal, memory: leastMemory }));
      for await (const event of run) if (event.type === "layer") how(controller);
      throw new Error("it ran to its end");
    } catch (error) {
      expect(error).toEqual(new Error("enough"));
      return [opened.mock.calls.length, closed.mock.calls.length];
    } finally {
      vi.restoreAllMocks();
    }
  }

  test.each([
    ["is told to stop", (controller: AbortController) => controller.abort(new Error("enough"))],
    [
      "finds that nobody listens any more",
      () => {
        throw new Error("enough");
      },
    ],
  ])("gives back both sweeps' files where it %s", async (_, how) => {
    expect(await ended(how)).toEqual([2, 2]);
  });
});
