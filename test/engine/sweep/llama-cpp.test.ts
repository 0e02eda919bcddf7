import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openModel } from "../../../src/engine/model/model";
import { concatenate } from "../../../src/engine/sweep/concatenate";
import { convertedFixtures, convertToGguf, type GgufChanges } from "../support/convert-to-gguf";
import { lastLogits, logSoftmax } from "../support/forward";
import { FAR, OTHER, REFUSED } from "../support/llama-cpp-departures";
import { llamaCpp, probabilitiesByLlamaCpp, type LlamaCppProbabilities } from "../support/llama-cpp";
import { fixtureReference } from "../support/reference";
import type { GgufEntries, GgufWeights } from "../support/write-gguf";

/** Every converted fixture that llama.cpp itself opens: what it predicts is what we predict of the same file. */
const folder = mkdtempSync(join(tmpdir(), "paramscope-gguf-"));
const pathOf = (fixture: string): string => join(folder, `${fixture}.gguf`);
const idsOf = (name: string): readonly (readonly number[])[] =>
  fixtureReference(variantOf(name).fixture).tokens.slice(0, 4);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What it takes for granted where a file does not say otherwise. */
const SAID: Readonly<Record<string, GgufEntries>> = {
  gemma4: { "gemma4.final_logit_softcapping": 0 },
  "gemma4-multimodal": { "gemma4.final_logit_softcapping": 0 },
};

/** Files that the converter writes of other models than the fixtures: what it leaves out there, and what it writes then. */
const VARIANTS: Readonly<Record<string, { readonly fixture: string; readonly changes: GgufChanges }>> = {
  "DeepSeek-V3 with yarn": { fixture: "deepseek_v3", changes: { metadata: yarn(0.1) } },
  "DeepSeek-V3 with yarn of another weight": { fixture: "deepseek_v3", changes: { metadata: yarn(0.0707) } },
  "DeepSeek-V3 without groups": {
    fixture: "deepseek_v3",
    changes: { without: ["deepseek2.expert_group_count", "deepseek2.expert_group_used_count"] },
  },
  "DeepSeek-V3 whose weights are neither normalized nor scaled": {
    fixture: "deepseek_v3",
    changes: { without: ["deepseek2.expert_weights_norm", "deepseek2.expert_weights_scale"] },
  },
  // llama.cpp takes it for one by its number of layers
  "Moonlight, whose queries come from hidden states": {
    fixture: "deepseek_v3",
    changes: {
      metadata: { "deepseek2.block_count": 27 },
      without: ["deepseek2.attention.q_lora_rank"],
      tensors: (all) => repeatedTo(27, all.flatMap(withPlainQueries)),
    },
  },
  "GLM-4.5 that says nothing of its router": {
    fixture: "glm4_moe",
    changes: {
      without: ["glm4moe.expert_weights_norm", "glm4moe.expert_weights_scale", "glm4moe.expert_gating_func"],
    },
  },
};

/** Queries of a width of 64 in the place of those that come from a narrow vector of 32. */
function withPlainQueries(tensor: GgufWeights): readonly GgufWeights[] {
  if (/attn_q_a(_norm)?\.weight$/.test(tensor.name)) return [];
  if (!tensor.name.endsWith("attn_q_b.weight")) return [tensor];
  const { name, values } = tensor;
  const plain = concatenate([values as Float32Array, values as Float32Array]);
  return [{ name: name.replace("attn_q_b", "attn_q"), shape: [96, 64], values: plain }];
}

/** The blocks behind the last one are like that. */
function repeatedTo(layers: number, all: readonly GgufWeights[]): readonly GgufWeights[] {
  const last = all.filter(({ name }) => name.startsWith("blk.3."));
  const more = Array.from({ length: layers - 4 }, (_, i) =>
    last.map((tensor) => ({ ...tensor, name: tensor.name.replace("blk.3.", `blk.${i + 4}.`) })),
  );
  return [...all, ...more.flat()];
}

function yarn(weight: number): GgufEntries {
  const scaling = "deepseek2.rope.scaling";
  return {
    [`${scaling}.type`]: "yarn",
    [`${scaling}.factor`]: 40,
    [`${scaling}.original_context_length`]: 64,
    [`${scaling}.yarn_beta_fast`]: 32,
    [`${scaling}.yarn_beta_slow`]: 1,
    [`${scaling}.yarn_log_multiplier`]: weight,
  };
}

const names: readonly string[] = [...convertedFixtures, ...Object.keys(VARIANTS)];
const variantOf = (name: string): { readonly fixture: string; readonly changes: GgufChanges } =>
  VARIANTS[name] ?? { fixture: name, changes: { metadata: SAID[name] } };

const NEAR = 5e-5;

describe.skipIf(llamaCpp === undefined)("predictions of llama.cpp", () => {
  let theirs: LlamaCppProbabilities;
  beforeAll(async () => {
    for (const name of names) {
      const { fixture, changes } = variantOf(name);
      writeFileSync(pathOf(name), (await convertToGguf(fixture, changes)).file);
    }
    theirs = probabilitiesByLlamaCpp(
      llamaCpp ?? "",
      names.map((fixture) => ({ model: pathOf(fixture), ids: idsOf(fixture) })),
    );
  }, 120_000);
  test.each(names)("%s", async (fixture) => {
    const expected = theirs.models[names.indexOf(fixture)];
    const model = await openModel(pathOf(fixture));
    if (typeof expected === "string") {
      expect(expected).toMatch(REFUSED[fixture] ?? "a file that it opens");
      await model.close();
      return;
    }
    const ids = idsOf(fixture).map((one) => Int32Array.from(one));
    const logits = await lastLogits(model, ids);
    const worst = logits.map((last, i) => {
      const own = logSoftmax(last);
      return Math.max(...own.map((value, id) => Math.abs(value - expected[i][id])));
    });
    await model.close();
    const far = FAR[fixture] ?? NEAR;
    if (fixture in OTHER) expect(Math.max(...worst)).toBeGreaterThan(far);
    else expect(worst.filter((one) => !(one <= far))).toEqual([]);
  });
});
