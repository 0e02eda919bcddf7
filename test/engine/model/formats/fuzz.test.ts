import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ParamscopeError } from "../../../../src/engine/errors";
import { openCheckpoint } from "../../../../src/engine/model/formats/open";
import { openTokenizer } from "../../../../src/engine/model/tokenizer/open";
import { writeTensors } from "../../support/model-copy";
import { quantizedNames, readQuantized } from "../../support/quantized";

const folder = mkdtempSync(join(tmpdir(), "paramscope-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** mulberry32: the same numbers in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One to three changes in the first `header` bytes: bits, bytes, sizes that are often wrong, insertions, deletions, the end. */
function mutate(bytes: Buffer, header: number, random: () => number): Buffer {
  let result = Buffer.from(bytes);
  const below = (n: number): number => Math.floor(random() * n);
  for (let changes = 1 + below(3); changes > 0; changes--) {
    if (result.length < 64) break;
    const at = below(Math.min(header, result.length - 8));
    switch (below(7)) {
      case 0:
        result[at] ^= 1 << below(8);
        break;
      case 1:
        result[at] = below(256);
        break;
      case 2:
        result.writeBigUInt64LE([0n, 1n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n][below(7)], at);
        break;
      case 3:
        result.writeUInt32LE(below(2 ** 32), at);
        break;
      case 4:
        result = Buffer.concat([result.subarray(0, at), Buffer.alloc(1 + below(40), below(256)), result.subarray(at)]);
        break;
      case 5:
        result = Buffer.concat([result.subarray(0, at), result.subarray(at + 1 + below(40))]);
        break;
      default:
        if (random() < 0.2) result = result.subarray(0, Math.max(32, at));
        else {
          const from = below(Math.min(header, result.length - 16));
          result.copy(result, at, from, from + 16);
        }
    }
  }
  return result;
}

/** Opens, reads every tensor and the tokenizer. The one allowed end but success is an error of ours, in one line. */
async function use(path: string): Promise<boolean> {
  try {
    const checkpoint = await openCheckpoint(path);
    try {
      for (const { name, shape, type } of checkpoint.tensors.values()) {
        const weights = shape.reduce((product, size) => product * size, 1);
        // No tensor can be larger than its file allows, whatever its header says.
        expect(weights).toBeLessThanOrEqual(2 ** 22);
        if (type !== "I64" && type !== "BOOL") await checkpoint.read(name, new Float32Array(weights));
      }
      if (checkpoint.format === "gguf") (await openTokenizer(path, checkpoint)).encode("a text", { special: true });
    } finally {
      await checkpoint.close();
    }
    return true;
  } catch (error) {
    if (!(error instanceof ParamscopeError)) throw error;
    expect(error.message).not.toMatch(/\p{Cc}/u);
    expect(error.message.length).toBeLessThan(1000);
    return false;
  }
}

function smallSafetensors(): Buffer {
  const header: Record<string, unknown> = { __metadata__: { format: "pt" } };
  const types = { F32: 4, F16: 2, BF16: 2, I64: 8, BOOL: 1 };
  let end = 0;
  for (let layer = 0; layer < 4; layer++) {
    for (const [dtype, size] of Object.entries(types)) {
      if (layer > 0 && size !== 2 && size !== 4) continue;
      const begin = end;
      end += 64 * size;
      header[`h.${layer}.mlp.c_fc${dtype}.weight`] = { dtype, shape: [8, 8], data_offsets: [begin, end] };
    }
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(end)]);
}

test.each(quantizedNames)("%s: damaged headers, values and settings of quantized tensors", async (name) => {
  const { config, stored } = readQuantized(name);
  const bytes = Buffer.from(writeTensors(stored));
  const settings = Buffer.from(JSON.stringify({ model_type: "llama", quantization_config: config }));
  const random = seeded(bytes.length);
  for (let i = 0; i < 25; i++) {
    const isHeader = random() < 0.5;
    writeFileSync(join(folder, "model.safetensors"), mutate(bytes, isHeader ? 2_000 : bytes.length, random));
    const damaged = random() < 0.3 ? mutate(settings, settings.length, random) : settings;
    writeFileSync(join(folder, "config.json"), damaged);
    await use(folder);
  }
});

test.each([
  ["safetensors", "", 2_000, 4_000],
  ["safetensors", "fixtures/gemma2/model.safetensors", 7_000, 500],
  ["gguf", "data/gguf/llama.gguf", 21_000, 2_000],
  ["gguf", "data/gguf/llama.gguf", 1_000, 2_000],
  ["gguf", "data/gguf/gemma2.gguf", 21_000, 1_000],
])(
  "%s: damaged headers of %s (first %d bytes), %d times",
  async (format, source, header, times) => {
    const bytes = source === "" ? smallSafetensors() : readFileSync(new URL(`../../../${source}`, import.meta.url));
    const random = seeded(header);
    const file = join(folder, format === "gguf" ? "model.gguf" : "model.safetensors");
    writeFileSync(join(folder, "config.json"), '{"model_type":"gpt2"}');
    const before = process.memoryUsage().rss;
    let read = 0;
    for (let i = 0; i < times; i++) {
      writeFileSync(file, mutate(bytes, header, random));
      const start = performance.now();
      if (await use(format === "gguf" ? file : folder)) read++;
      expect(performance.now() - start).toBeLessThan(5_000);
    }
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(times);
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 30);
  },
  180_000,
);
