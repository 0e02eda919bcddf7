import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openModel } from "../../../src/engine/model/model";
import { embeddedTogether, logitsFrom } from "../support/forward";
import { failureOf } from "../support/errors";
import { GgufCopy } from "../support/gguf-copy";
import { ModelCopy, type ModelChanges } from "../support/model-copy";
import { fixturePath } from "../support/reference";
import { TemporaryFolder } from "../support/temporary-folder";

const WHOLE = new URL("../../data/gguf-whole/llama-yarn.gguf", import.meta.url).pathname;
const ids = Int32Array.of(1, 20, 300, 41);
const EMBEDDING = "model.embed_tokens.weight";

interface Read {
  readonly logits: readonly number[];
  readonly parameters: number;
}

async function read(path: string): Promise<Read> {
  const model = await openModel(path);
  try {
    const [[logits]] = await logitsFrom(model, await embeddedTogether(model, [ids]), [ids], [[ids.length - 1]]);
    return { logits: [...logits], parameters: model.parameters };
  } finally {
    await model.close();
  }
}

async function readWith(fixture: string, changes: ModelChanges): Promise<Read> {
  const copy = await ModelCopy.of(fixture, changes);
  try {
    return await read(copy.path);
  } finally {
    await copy.remove();
  }
}

test("of a tied model the head alone may be stored: it is the embedding too", async () => {
  const headOnly = await readWith("llama3-rope-tied", {
    tensors: (tensors) => {
      const embedding = tensors.get(EMBEDDING);
      if (embedding) tensors.set("lm_head.weight", embedding);
      tensors.delete(EMBEDDING);
    },
  });
  expect(headOnly).toEqual(await read(fixturePath("llama3-rope-tied")));
});

test("parts for pictures and sounds in the file of a text model are passed over, and are no parameters", async () => {
  const withVision = await readWith("llama", {
    tensors: (tensors) => {
      const norm = tensors.get("model.norm.weight");
      const names = ["vision_tower.blocks.0.norm.weight", "model.visual.merger.bias", "multi_modal_projector.weight"];
      if (norm) for (const name of names) tensors.set(name, norm);
    },
  });
  expect(withVision).toEqual(await read(fixturePath("llama")));
});

test("so are those of a GGUF file; any other tensor that is unknown is named", async () => {
  const folder = new TemporaryFolder();
  const path = join(folder.path, "model.gguf");
  const copy = await GgufCopy.of(WHOLE);
  const norm = copy.tensors.find(({ name }) => name === "output_norm.weight");
  const more = (...names: string[]): Buffer =>
    copy.file([...copy.tensors, ...names.flatMap((name) => (norm ? [{ ...norm, name }] : []))]);
  try {
    writeFileSync(path, more("v.blk.0.attn_q.weight", "mm.mm_input_projection.weight", "a.blk.0.ln1.weight"));
    expect(await read(path)).toEqual(await read(WHOLE));
    writeFileSync(path, more("blk.0.ssm_a", "blk.1.ssm_a.weight"));
    expect(await failureOf(() => openModel(path))).toMatch(
      /the tensors blk\.0\.ssm_a and blk\.1\.ssm_a\.weight are not part of the architecture llama/,
    );
  } finally {
    folder.remove();
  }
});

describe("tensors that the architecture does not have", () => {
  const withTensors = (fixture: string, ...names: string[]): Promise<Read> =>
    readWith(fixture, {
      tensors: (tensors) => {
        const norm = tensors.get("model.norm.weight");
        if (norm) for (const name of names) tensors.set(name, norm);
      },
    });

  const toldOf = async (work: () => unknown): Promise<string> => (await failureOf(work)).replace(/^.*?: /, "");

  test("are named, all of them while they are few", async () => {
    expect(await toldOf(() => withTensors("llama", "model.layers.2.self_attn.q_norm.weight"))).toBe(
      "the tensor model.layers.2.self_attn.q_norm.weight is not part of the architecture llama as it is supported. The configuration may be that of another model: get both again from one place, or use another model.",
    );
    expect(await toldOf(() => withTensors("llama", "model.embed_tokens.norm.weight", "score.weight"))).toBe(
      "the tensors model.embed_tokens.norm.weight and score.weight are not part of the architecture llama as it is supported. The configuration may be that of another model: get both again from one place, or use another model.",
    );
    const many = ["a", "b", "c", "d", "e", "f"].map((name) => `model.${name}.weight`);
    expect(await toldOf(() => withTensors("llama", ...many))).toBe(
      "the tensors model.a.weight, model.b.weight, model.c.weight, model.d.weight and 2 more are not part of the architecture llama as it is supported. The configuration may be that of another model: get both again from one place, or use another model.",
    );
  });

  test("are named where the configuration says that there is none: biases, and layers behind the last", async () => {
    const names = ["model.layers.0.mlp.down_proj.bias", "model.layers.6.input_layernorm.weight"];
    for (const name of names) expect(await failureOf(() => withTensors("llama", name))).toContain(name);
  });

  test("are passed over where a text's way does not touch them, and are no parameters", async () => {
    const names = [
      "mtp.layers.0.norm.weight",
      "model.mtp.norm.weight",
      "v_head.summary.weight",
      "model.layers.0.self_attn.k_scale",
      "model.layers.0.self_attn.v_proj.output_scale",
      "model.layers.0.self_attn.rotary_emb.inv_freq",
    ];
    expect(await withTensors("llama", ...names)).toEqual(await read(fixturePath("llama")));
  });

  test("layers that predict further tokens are passed over, as many as the configuration says", async () => {
    const further = (layer: number): ModelChanges => ({
      config: (config) => ({ ...config, num_nextn_predict_layers: 1 }),
      tensors: (tensors) => {
        const norm = tensors.get("model.norm.weight");
        if (norm) tensors.set(`model.layers.${layer}.enorm.weight`, norm);
      },
    });
    expect(await readWith("llama", further(6))).toEqual(await read(fixturePath("llama")));
    expect(await failureOf(() => readWith("llama", further(7)))).toContain("model.layers.7.enorm.weight");
  });

  test("a bias of 0 changes nothing, and is passed over; of any other it is not", async () => {
    const biased = (value: number): ModelChanges => ({
      tensors: (tensors) => {
        const values = new Float32Array(64);
        values[5] = value;
        const bias = { dtype: "F32", shape: [64], bytes: new Uint8Array(values.buffer) };
        tensors.set("model.layers.0.self_attn.q_proj.bias", bias);
      },
    });
    expect(await readWith("llama", biased(0))).toEqual(await read(fixturePath("llama")));
    expect(await failureOf(() => readWith("llama", biased(0.5)))).toContain("q_proj.bias");
  });
});
