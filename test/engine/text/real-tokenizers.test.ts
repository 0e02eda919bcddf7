import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { openCheckpoint } from "../../../src/engine/model/formats/open";
import { openTokenizer } from "../../../src/engine/model/tokenizer/open";
import { collectTexts } from "../../../src/engine/text/collect";
import { formSamples } from "../../../src/engine/text/form-samples";

const repository = fileURLToPath(new URL("../../..", import.meta.url));

async function tokenizerOf(model: string) {
  const path = join(repository, model);
  const checkpoint = await openCheckpoint(path);
  await checkpoint.close();
  return await openTokenizer(path, checkpoint);
}

describe("the shipped samples", () => {
  test.each(["models/demo", "test/fixtures/llama", "test/fixtures/gemma2", "test/fixtures/gpt2", "test/fixtures/phi3"])(
    "cut with the tokenizer of %s name slices of their files",
    async (model) => {
      const tokenizer = await tokenizerOf(model);
      const { texts, notes } = await collectTexts([{ kind: "path", path: join(repository, "samples") }]);
      expect(notes).toEqual([]);
      expect(texts.length).toBeGreaterThanOrEqual(24);
      const { samples } = formSamples(texts, tokenizer, { window: 32, maxSamples: Infinity, context: 1024 });
      for (const { source, text, offset, ids, starts, ends } of samples) {
        expect(ids.length).toBeLessThanOrEqual(32);
        const file = await readFile(source, "utf8");
        expect(file.slice(offset, offset + text.length)).toBe(text);
        const inText = starts.map((start, index) => (start < 0 ? -1 : ends[index])).filter((end) => end >= 0);
        expect(Math.max(...inText)).toBe(text.length);
      }
    },
  );
});
