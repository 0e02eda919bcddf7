import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ShrinkRequest, Structure } from "../../../src/engine/api";
import { analyze } from "../../../src/engine/analysis/analyze";
import { openModel, type Model } from "../../../src/engine/model/model";
import { groupsOf, keptOf } from "../../../src/engine/shrink/choose-units";
import { KnownScores } from "../../../src/engine/shrink/known-scores";
import { shrink } from "../../../src/engine/shrink/shrink";
import { shrunkModel } from "../../../src/engine/shrink/shrunk-model";
import { magnitudeSums, unitScores } from "../../../src/engine/shrink/unit-sums";
import { logitsOf } from "../support/forward";
import { fixturePath } from "../support/reference";
import { resultOf } from "../support/reference-values";
import { share, shrinkIds, shrinkRequestOf, shrunkFixtures } from "../support/shrinking";
import { maxLogit } from "../support/sweeping";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "paramscope-test-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function withModel<Result>(name: string, work: (model: Model) => Promise<Result>): Promise<Result> {
  const model = await openModel(fixturePath(name));
  try {
    return await work(model);
  } finally {
    await model.close();
  }
}

/** The largest difference of two models' logits. */
async function difference(a: Model, b: Model): Promise<number> {
  const [own, other] = [await logitsOf(a, shrinkIds), await logitsOf(b, shrinkIds)];
  return Math.max(...own.flatMap((row, t) => [...row].map((value, v) => Math.abs(value - (other[t]?.[v] ?? NaN)))));
}

describe.each(shrunkFixtures)("%s without some of its %s", (name, structure) => {
  test("predicts what its export predicts once that is opened, and has as many parameters", async () => {
    await withModel(name, async (model) => {
      const { document } = await resultOf(
        shrink(shrinkRequestOf(model, structure, { exportTo: { folder: join(folder, "less"), force: false } })),
      );
      const gone = document.layers.map(({ gone: units }) => units);
      const counts = groupsOf(model, structure);
      const kept = keptOf(
        model,
        structure,
        structure === "layers"
          ? [document.layers.map(({ isGone }) => isGone)]
          : counts
              .map(
                (count, layer) =>
                  count && Array.from({ length: count }, (_, unit) => gone[layer]?.includes(unit) === true),
              )
              .map((own) => (own === 0 ? undefined : own)),
      );
      const shrunk = shrunkModel(model, kept);
      const opened = await openModel(join(folder, "less"));
      expect(opened.parameters).toBe(document.size.shrunk.parameters);
      expect(opened.parameters).toBeLessThan(model.parameters);
      expect(await difference(shrunk, opened)).toBeLessThan(1e-5);
      expect(await difference(model, opened)).toBeGreaterThan(1e-4);
      await opened.close();
    });
  });
});

test.each(["layers", "neurons", "heads"] as const)(
  "without none of its %s it is the dense model",
  async (structure) => {
    await withModel("llama", async (model) => {
      const nothing = groupsOf(model, structure).map((count) => new Array<boolean>(count ?? 0).fill(false));
      const same = shrunkModel(model, keptOf(model, structure, nothing));
      expect([same.parameters, await difference(model, same)]).toEqual([model.parameters, 0]);
    });
  },
);

test("layers' activations are those that an analysis has of their matrices", async () => {
  await withModel("llama", async (model) => {
    const request = shrinkRequestOf(model, "layers");
    const { document } = await resultOf(shrink(request));
    const analysis = await resultOf(
      analyze({ model, target: maxLogit, threads: 1, set: request.set, threshold: { mode: "share", share: 0.1 } }),
    );
    for (const { layer, score } of document.layers) {
      const sum = analysis.document.layers[layer]?.modules.reduce((all, module) => all + module.sum, 0) ?? NaN;
      expect(Math.abs((score ?? NaN) / sum - 1)).toBeLessThan(1e-5);
    }
  });
});

test("units come to what their rows and columns do, and all of them to their matrices", async () => {
  await withModel("mixtral", async (model) => {
    const sums = await Promise.all(model.blocks.map((_, layer) => magnitudeSums(model, layer, undefined)));
    const layers = unitScores(model, "layers", (layer) => sums[layer])[0]!;
    const [heads, experts] = (["heads", "experts"] as const).map((structure) =>
      unitScores(model, structure, (layer) => sums[layer]),
    );
    for (let layer = 0; layer < model.layers; layer++) {
      const parts = [...heads[layer]!, ...experts[layer]!].reduce((a, b) => a + b, 0);
      // attention and mixture are all there is
      expect(Math.abs(parts / layers[layer] - 1)).toBeLessThan(1e-9);
    }
  });
});

test("neurons go that are measured to matter the least: those without any weight first", async () => {
  await withModel("llama", async (model) => {
    const { document } = await resultOf(shrink(shrinkRequestOf(model, "neurons", { by: "magnitude" })));
    const sums = await magnitudeSums(model, 0, undefined);
    const scores = [...(unitScores(model, "neurons", () => sums)[0] ?? [])];
    const least = [...scores.keys()].sort((a, b) => scores[a] - scores[b]).slice(0, document.removed);
    expect(document.layers[0]?.gone).toEqual(least.sort((a, b) => a - b));
    expect(document).toMatchObject({ removed: 40, of: 160, steps: 1 });
  });
});

test("a layer's change of perplexity is that of the model without it", async () => {
  await withModel("llama", async (model) => {
    const { document } = await resultOf(
      shrink(shrinkRequestOf(model, "layers", { by: "perplexity", amount: { kind: "count", count: 1 } })),
    );
    const scores = document.layers.map(({ score }) => score ?? NaN);
    const least = scores.indexOf(Math.min(...scores));
    expect(document.layers.filter(({ isGone }) => isGone).map(({ layer }) => layer)).toEqual([least]);
  });
});

class CountedScores extends KnownScores {
  measured = 0;

  override keep(...given: Parameters<KnownScores["keep"]>): void {
    this.measured++;
    super.keep(...given);
  }
}

test("what several amounts have in common is measured once, and each is what a run of it alone chooses", async () => {
  await withModel("llama", async (model) => {
    const evaluation = {
      text: { source: "text", text: "The river ran past the old mill, and on. ".repeat(8) },
      windows: 2,
      window: 32,
    };
    const count = (amount: number) => ({ kind: "count", count: amount }) as const;
    const sweepsOf = async (changes: Partial<ShrinkRequest>) => {
      const known = new CountedScores();
      const request = shrinkRequestOf(model, "layers", { evaluation, known, ...changes });
      const { document } = await resultOf(shrink(request));
      return { document, sweeps: known.measured };
    };
    const alone = await sweepsOf({ amount: count(4) });
    const curve = await sweepsOf({ amount: count(2), curve: [count(4), count(1), count(3)] });
    // one for each layer of the largest
    expect([alone.sweeps, curve.sweeps]).toEqual([4, 4]);
    expect(curve.document.curve.map(({ removed }) => removed)).toEqual([1, 3, 4]);
    expect(curve.document.curve[2]).toMatchObject({ ...alone.document.evaluation?.shrunk });
    await expect(sweepsOf({ amount: count(2), curve: [count(6)] })).rejects.toThrow(
      "0 of the 6 layers of llama would be left.",
    );
  });
});

test("lists with an entry for each layer are shortened in the configuration, whose other values stay as they are written", async () => {
  await withModel("gemma2", async (model) => {
    const less = join(folder, "less");
    await resultOf(shrink(shrinkRequestOf(model, "layers", { by: "last", exportTo: { folder: less, force: false } })));
    const text = await readFile(join(less, "config.json"), "utf8");
    expect(JSON.parse(text)).toEqual({
      ...model.checkpoint.config,
      num_hidden_layers: 4,
      layer_types: ["sliding_attention", "full_attention", "sliding_attention", "full_attention"],
    });
    expect(text).toContain('"attn_logit_softcapping": 50.0');
  });
});

describe("refused by name", () => {
  test.each<[string, Structure, Partial<ShrinkRequest>, string]>([
    [
      "gpt2",
      "heads",
      {},
      "A configuration of gpt2 cannot say what would be left of the heads of gpt2: it has no number for that.",
    ],
    [
      "bloom",
      "neurons",
      {},
      "A configuration of bloom cannot say what would be left of the neurons of bloom: it has no number for that.",
    ],
    [
      "olmoe",
      "heads",
      {},
      "The heads of olmoe are as wide together as its hidden states: its configuration has no other number for them.",
    ],
    [
      "mixtral",
      "neurons",
      {},
      "The feed-forwards of mixtral are experts: they have neurons of their own, and which go is asked of whole experts.",
    ],
    ["llama", "experts", {}, "llama has no experts: its feed-forwards are no mixtures."],
    [
      "mixtral",
      "experts",
      { amount: share(0.75) },
      "mixtral sends every token to 2 experts, and 1 of 4 would be left.",
    ],
    ["llama", "layers", { amount: { kind: "count", count: 6 } }, "0 of the 6 layers of llama would be left."],
    ["llama", "neurons", { amount: share(0.001) }, "That share of the 160 neurons of each layer of llama is not one."],
    [
      "deepseek_v3",
      "experts",
      {},
      "The experts of deepseek_v3 stand in groups, of which its configuration says how many there are, and all are as large.",
    ],
    [
      "gemma3-multimodal",
      "layers",
      {},
      "gemma3-multimodal reads more than text: what reads pictures or sounds would not fit what is left of it.",
    ],
  ])("%s, %s", async (name, structure, changes, message) => {
    await withModel(name, async (model) => {
      await expect(resultOf(shrink(shrinkRequestOf(model, structure, changes)))).rejects.toThrow(message);
    });
  });
});
