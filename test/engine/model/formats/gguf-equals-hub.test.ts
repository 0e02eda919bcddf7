import { readFileSync, readdirSync } from "node:fs";
import { gguf } from "@huggingface/gguf";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Checkpoint } from "../../../../src/engine/model/checkpoint";
import { readGgufHeader } from "../../../../src/engine/model/formats/gguf-header";
import { openCheckpoint } from "../../../../src/engine/model/formats/open";
import { RangeFile } from "../../../../src/engine/model/formats/range-file";
import { openTokenizer } from "../../../../src/engine/model/tokenizer/open";

const FIXTURES = new URL("../../../fixtures/", import.meta.url).pathname;
/** The fixtures' first layer, as llama.cpp would convert it: test/reference/make_gguf.py. */
const GGUF = new URL("../../../data/gguf/", import.meta.url).pathname;

/** What the computation does not depend on, or an older config says in other words. */
const IGNORED =
  /^(architectures|transformers_version|dtype|torch_dtype|use_cache|initializer_range|init_std|.*dropout.*|.*pdrop|.*_id|_name_or_path|pretraining_tp|use_bidirectional_attention|_sliding_window_pattern|max_window_layers|use_sliding_window|is_decoder|summary_.*|add_cross_attention|reorder_and_upcast_attn|scale_attn.*|n_inner|original_max_position_embeddings|rope_.*|vocab_size)$/;

async function values(checkpoint: Checkpoint, name: string, from?: number, to?: number): Promise<Float32Array> {
  const shape = checkpoint.tensors.get(name)?.shape ?? [];
  const columns = shape.length > 1 ? shape[1] : shape[0];
  const rows = shape.length > 1 ? shape[0] : 1;
  const out = new Float32Array(((to ?? rows) - (from ?? 0)) * columns);
  await checkpoint.read(name, out, from, to);
  return out;
}

/** The largest step between two values of a type, relative to the largest value of a block. */
const STEP: Record<string, number> = { Q8_0: 1 / 127, Q5_0: 1 / 15, Q5_1: 2 / 31, Q4_0: 1 / 7, Q4_1: 2 / 15 };

describe.each(readdirSync(GGUF))("%s", (file) => {
  const name = file.replace(/\.gguf$/, "");
  let hub: Checkpoint;
  let converted: Checkpoint;
  beforeAll(async () => {
    hub = await openCheckpoint(FIXTURES + name);
    converted = await openCheckpoint(GGUF + file);
  });
  afterAll(async () => {
    await hub.close();
    await converted.close();
  });

  test("has the folder's names and shapes", () => {
    const expected = [...hub.tensors.values()].filter((tensor) => !/\.(h|layers)\.[1-9]/.test(tensor.name));
    const own = [...converted.tensors.keys()];
    expect(own.sort()).toEqual(expected.map((tensor) => tensor.name).sort());
    for (const tensor of expected) {
      const rows = /(embed_tokens|embed_in|embed_out|lm_head|wte)\.weight$/.test(tensor.name) ? 64 : tensor.shape[0];
      expect(converted.tensors.get(tensor.name)?.shape).toEqual([rows, ...tensor.shape.slice(1)]);
    }
  });

  test("has the folder's values, and in any range of rows", async () => {
    for (const { name: tensor, shape, type } of converted.tensors.values()) {
      const all = await values(converted, tensor);
      const expected = await values(hub, tensor, 0, shape.length > 1 ? shape[0] : undefined);
      const step = STEP[type] ?? 0;
      let largestError = 0;
      for (let i = 0; i < all.length; i += 32) {
        const block = expected.subarray(i, i + 32);
        const largest = Math.max(...block.map(Math.abs));
        block.forEach((value, j) => {
          largestError = Math.max(largestError, Math.abs(all[i + j] - value) / (largest || 1));
        });
      }
      // Gemma's norms went through 1 + w in float32.
      expect({ tensor, error: largestError }).toEqual({
        tensor,
        error: largestError <= step + (tensor.includes("norm") ? 1e-5 : 0) ? largestError : "too large",
      });
      if (shape.length < 2) continue;
      for (const [from, to] of [
        [0, 1],
        [1, 2],
        [7, 29],
        [shape[0] - 5, shape[0]],
        [3, 3],
      ]) {
        expect(await values(converted, tensor, from, to)).toEqual(all.slice(from * shape[1], to * shape[1]));
      }
    }
  });

  test("has the folder's configuration", () => {
    const ours = converted.config;
    const missing: string[] = [];
    for (const [key, value] of Object.entries(hub.config)) {
      // Mistral's window is not in a GGUF file, and its architecture is called llama there.
      if (IGNORED.test(key) || (name === "mistral" && /^(model_type|sliding_window)$/.test(key))) continue;
      // Absent is what null says.
      if ((value ?? null) === null && (ours[key] ?? null) === null) continue;
      if (key === "layer_types" && ours.layer_types === undefined) {
        expect(new Set(value as string[])).toEqual(new Set(["full_attention"]));
        continue;
      }
      if (key === "hidden_activation" && ours[key] === undefined) continue;
      if (!(key in ours)) missing.push(key);
      else if (typeof value === "number")
        expect({ [key]: ours[key] }).toEqual({ [key]: expect.closeTo(value, 7) as unknown });
      else expect({ [key]: ours[key] }).toEqual({ [key]: value });
    }
    expect(missing).toEqual([]);
  });

  test("has the folder's rotary embedding", () => {
    const { rope_parameters: ours } = converted.config as { rope_parameters?: Record<string, unknown> };
    const config = hub.config as Record<string, Record<string, unknown> | undefined>;
    const theirs = config.rope_parameters ?? {
      rope_theta: config.rope_theta,
      rope_type: "default",
      ...config.rope_scaling,
    };
    if (name === "gpt2") {
      expect(ours).toBeUndefined();
    } else if (name === "llama3-rope-tied") {
      // one divisor for each frequency, the same for texts of all lengths
      const { short_factor: short, long_factor: long, ...rest } = ours ?? {};
      expect(rest).toEqual({
        rope_type: "longrope",
        rope_theta: 10000,
        attention_factor: 1,
        original_max_position_embeddings: 512,
      });
      expect(short).toEqual(long);
      expect((short as number[]).slice(-1)).toEqual([8]);
    } else {
      const { partial_rotary_factor: partial, ...rest } = theirs;
      expect({ partial_rotary_factor: 1, ...ours }).toEqual({ partial_rotary_factor: partial ?? 1, ...rest });
    }
  });

  test("tokenizes as the folder does", async () => {
    const { texts, tokens } = JSON.parse(readFileSync(`${FIXTURES}${name}/reference.json`, "utf8")) as {
      texts: string[];
      tokens: number[][];
    };
    const tokenizer = await openTokenizer(GGUF + file, converted);
    expect(texts.map((text) => tokenizer.encode(text, { special: true }).ids)).toEqual(tokens);
  });

  test("is read as @huggingface/gguf reads it", async () => {
    // Through its fetch: for a local file it leaves the file open.
    const bytes = readFileSync(GGUF + file);
    const theirs = await gguf("https://example.org/model.gguf", { fetch: () => Promise.resolve(new Response(bytes)) });
    const opened = await RangeFile.open(GGUF + file);
    const ours = readGgufHeader(opened);
    await opened.close();
    const metadata = new Map<string, unknown>(Object.entries(theirs.metadata));
    expect(ours.version).toBe(metadata.get("version"));
    expect(ours.metadata.size).toBe(Number(metadata.get("kv_count")));
    for (const [key, value] of ours.metadata) {
      expect(ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : value).toEqual(metadata.get(key));
    }
    expect(
      [...ours.tensors.values()].map(({ name: one, dimensions, offset }) => ({ one, dimensions, offset })),
    ).toEqual(
      theirs.tensorInfos.map(({ name: one, shape, offset }) => ({
        one,
        dimensions: shape.map(Number),
        offset: Number(theirs.tensorDataOffset + offset),
      })),
    );
  });
});
