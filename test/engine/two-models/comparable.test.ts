import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openModel, type Model } from "../../../src/engine/model/model";
import type { Target } from "../../../src/engine/sweep/target";
import { formSamples } from "../../../src/engine/text/form-samples";
import { compareStructure } from "../../../src/engine/two-models/comparable";
import { compareModels } from "../../../src/engine/two-models/two-models";
import { ModelCopy, type ModelChanges, layerOf } from "../support/model-copy";
import { fixturePath } from "../support/reference";
import { resultOf } from "../support/reference-values";
import { setOf } from "../support/samples";
import { maxLogit } from "../support/sweeping";

interface TokenizerFile {
  model: { vocab: Record<string, number> };
  added_tokens: { id: number; content: string }[];
}

let llama: Model;
const copies: { readonly copy: ModelCopy; readonly model: Model }[] = [];

beforeAll(async () => {
  llama = await openModel(fixturePath("llama"));
});

afterAll(async () => {
  await llama.close();
});

afterEach(async () => {
  for (const { copy, model } of copies.splice(0)) {
    await model.close();
    await copy.remove();
  }
});

/** The fixture llama with changes of its configuration, its weights, its tokenizer. */
async function changed(changes: ModelChanges, tokenizer?: (file: TokenizerFile) => void): Promise<Model> {
  const copy = await ModelCopy.of("llama", changes);
  const path = join(copy.path, "tokenizer.json");
  const file = JSON.parse(await readFile(path, "utf8")) as TokenizerFile;
  tokenizer?.(file);
  await writeFile(path, JSON.stringify(file));
  const model = await openModel(copy.path);
  copies.push({ copy, model });
  return model;
}

const withoutLastLayer: ModelChanges = {
  config: (config) => ({ ...config, num_hidden_layers: 5 }),
  tensors: (tensors) => {
    for (const name of [...tensors.keys()]) if (layerOf(name) === 5) tensors.delete(name);
  },
};

/** Ids of a text, as the first of two models cuts it. */
function samplesOf({ tokenizer, context }: Model, text = "The cat sat on the mat.") {
  return formSamples([{ source: "cat.txt", text }], tokenizer, { window: 512, maxSamples: 64, context }).samples;
}

const structure = (a: Model, b: Model, text?: string, target: Target = maxLogit) =>
  compareStructure(a, b, samplesOf(a, text), target);

/** So many more rows of embedding and head, as tuning adds them for tokens of its own. */
function withMoreTokens(count: number): Promise<Model> {
  const changes: ModelChanges = {
    config: (config) => ({ ...config, vocab_size: 512 + count }),
    tensors: (tensors) => {
      for (const name of ["model.embed_tokens.weight", "lm_head.weight"]) {
        const tensor = tensors.get(name);
        if (tensor === undefined) throw new Error(`the fixture has no ${name}`);
        const [rows, columns] = tensor.shape;
        const bytes = new Uint8Array((rows + count) * columns * 4);
        bytes.set(tensor.bytes);
        bytes.set(tensor.bytes.subarray(0, count * columns * 4), tensor.bytes.length);
        tensors.set(name, { ...tensor, shape: [rows + count, columns], bytes });
      }
    },
  };
  return changed(changes, (file) => {
    for (let i = 0; i < count; i++)
      file.added_tokens.push({ ...file.added_tokens[0], id: 512 + i, content: `<|role${i}|>` });
  });
}

function swapped(file: TokenizerFile, count: number): void {
  const { vocab } = file.model;
  const names = Object.keys(vocab).sort((a, b) => vocab[b] - vocab[a]);
  for (let i = 0; i < count; i++) {
    const [a, b] = [names[2 * i], names[2 * i + 1]];
    [vocab[a], vocab[b]] = [vocab[b], vocab[a]];
  }
}

describe("models of one structure", () => {
  test("are compared over all of their tokens, and nothing is said", async () => {
    expect(structure(llama, await changed({}))).toEqual({ tokens: 512, notes: [] });
  });

  test("may go by two names, where they compute the same", async () => {
    const mistral = await changed({ config: (config) => ({ ...config, model_type: "mistral", sliding_window: null }) });
    expect(mistral.architecture).toBe("mistral");
    expect(structure(llama, mistral)).toEqual({ tokens: 512, notes: [] });
  });

  test("may differ in what is no weight, which is said", async () => {
    const longer = await changed({
      config: (config) => ({
        ...config,
        rms_norm_eps: 1e-5,
        rope_parameters: { rope_theta: 500000, rope_type: "default" },
      }),
    });
    expect(structure(llama, longer).notes).toEqual([
      "The configurations differ too, in the rotary positions, the epsilon of the norms: not all that differs is the weights'.",
    ]);
  });

  test("may have more tokens on either side", async () => {
    const larger = await withMoreTokens(2);
    expect(structure(llama, larger)).toEqual({
      tokens: 512,
      notes: [`B has 2 more tokens: predictions are compared over the 512 that both have.`],
    });
    expect(structure(larger, llama).notes).toEqual([
      "A has 2 more tokens: predictions are compared over the 512 that both have.",
    ]);
    expect(() => structure(larger, llama, "<|role1|> The cat")).toThrow(
      `cat.txt has the token "<|role1|>", which llama lacks.`,
    );
    expect(structure(llama, larger, "<|role1|> The cat").notes).toContain(
      "B by itself would cut 1 of 1 sample into other tokens: both models read A's.",
    );
  });

  test("with more tokens predict what the others do of those that both have", async () => {
    const larger = await withMoreTokens(2);
    for (const [model, other] of [
      [llama, larger],
      [larger, llama],
    ]) {
      const request = { model, other, set: setOf(samplesOf(model)), share: 0.1, seed: 0, target: maxLogit, threads: 1 };
      const { document } = await resultOf(compareModels(request));
      expect(document.kl.mean).toBeLessThan(1e-6);
      expect(document.agreement.count).toBe(1);
      expect(document.others.map(({ relative }) => relative)).toEqual([0, 0, 0, 0, 0]);
      expect(document.run.notes).toHaveLength(1);
    }
  });

  test("may call a few tokens otherwise that the texts do not have", async () => {
    const renamed = await changed({}, (file) => swapped(file, 1));
    const [note] = structure(llama, renamed).notes;
    expect(note).toMatch(
      /^#510 is ".*" in A and ".*" in B, the first of 2 such tokens; the texts have none of them\.$/,
    );
    const text = llama.tokenizer.tokenText(510);
    expect(llama.tokenizer.encode(text, { special: false }).ids).toEqual([510]);
    expect(() => structure(llama, renamed, text)).toThrow(
      /^cat\.txt has a token that the two models call otherwise: #510 is /,
    );
  });
});

describe("what cannot be compared is refused", () => {
  test("another tokenizer", async () => {
    const other = await changed({}, (file) => swapped(file, 20));
    expect(() => structure(llama, other)).toThrow(
      /^The two models have other tokenizers: 40 of 512 tokens differ, #\d+ is /,
    );
  });

  test.each([
    ["gpt2", /^llama is of the architecture llama, and gpt2 of gpt2: their weights have no counterparts\.$/],
    ["qwen3", /^llama is of the architecture llama, and qwen3 of qwen3: /],
    [
      "llama3-rope-tied",
      /^model\.layers\.0\.\S+ has the shape \[.*\] in llama, and \[.*\] in llama3-rope-tied\.$|layers/,
    ],
  ])("another structure: %s", async (fixture, message) => {
    const other = await openModel(fixturePath(fixture));
    try {
      expect(() => structure(llama, other)).toThrow(message);
    } finally {
      await other.close();
    }
  });

  test("another number of layers", async () => {
    const shallow = await changed(withoutLastLayer);
    expect(() => structure(llama, shallow)).toThrow(`llama has 6 layers, and ${shallow.name} has 5.`);
  });

  test("weights that one of them lacks", async () => {
    const biased = await changed({
      config: (config) => ({ ...config, attention_bias: true }),
      tensors: (tensors) => {
        for (let layer = 0; layer < 6; layer++)
          for (const [name, size] of [
            ["q", 64],
            ["k", 32],
            ["v", 32],
            ["o", 64],
          ] as const)
            tensors.set(`model.layers.${layer}.self_attn.${name}_proj.bias`, {
              dtype: "F32",
              shape: [size],
              bytes: new Uint8Array(4 * size),
            });
      },
    });
    expect(() => structure(llama, biased)).toThrow(
      `${biased.name} has weights that llama lacks, such as model.layers.0.self_attn.q_proj.bias.`,
    );
    expect(() => structure(biased, llama)).toThrow(
      `model.layers.0.self_attn.q_proj.bias has the shape [64] in ${biased.name}, and llama lacks it.`,
    );
  });

  test("a text that the other cannot read", async () => {
    const short = await changed({ config: (config) => ({ ...config, max_position_embeddings: 4 }) });
    expect(() => structure(llama, short)).toThrow(/^cat\.txt has \d+ tokens, and \S+ reads at most 4\.$/);
  });

  test("a target of a token that the other lacks", async () => {
    const larger = await withMoreTokens(2);
    expect(() => structure(larger, llama, undefined, { kind: "logit", token: 513 })).toThrow(
      "The target's token #513 is not in the vocabulary of llama.",
    );
    expect(() => structure(larger, llama, undefined, { kind: "logit", token: 5, minus: 512 })).toThrow("#512");
  });

  test("two folders of one name by their paths", async () => {
    const shallow = await changed(withoutLastLayer);
    expect(() => structure({ ...llama, name: shallow.name }, shallow)).toThrow(
      `${shallow.name} (${llama.checkpoint.path}) has 6 layers, and ${shallow.name} (${shallow.checkpoint.path}) has 5.`,
    );
  });
});
