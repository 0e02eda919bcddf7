import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openModel } from "../../../../src/engine/model/model";
import { prune } from "../../../../src/engine/prune/prune";
import { evaluationText, pruneRequestOf } from "../../support/prune-reference";
import { findPyTorch, perplexitiesInPyTorch } from "../../support/pytorch";
import { copyWith, readQuantized } from "../../support/quantized";
import { fixturePath } from "../../support/reference";
import { resultOf } from "../../support/reference-values";

const python = findPyTorch("loading exported models in PyTorch");
const size = { window: 48, windows: 2 };

test.skipIf(python === undefined)(
  "transformers loads what was exported, and finds our perplexity",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "paramscope-test-"));
    const ours: number[] = [];
    const folders: string[] = [];
    const quantized = await copyWith(readQuantized("gptq-4-ordered"));
    try {
      for (const [name, criterion, path] of [
        ["llama", "wanda", fixturePath("llama")],
        ["gpt2", "wanda", fixturePath("gpt2")],
        ["qwen2", "sparsegpt", fixturePath("qwen2")],
        ["gemma2", "activation", fixturePath("gemma2")],
        ["quantized", "wanda", quantized.path],
      ] as const) {
        const model = await openModel(path);
        const exportTo = { folder: join(folder, name), force: false };
        const { document } = await resultOf(
          prune(
            pruneRequestOf(model, {
              window: size.window,
              criterion,
              evaluation: { text: evaluationText(), windows: size.windows },
              exportTo,
            }),
          ),
        );
        ours.push(document.perplexity?.pruned ?? NaN);
        folders.push(exportTo.folder);
        await model.close();
      }
      const theirs = perplexitiesInPyTorch(python ?? "", folders, size);
      theirs.forEach((perplexity, i) => {
        expect(Math.abs(ours[i] / perplexity - 1), folders[i]).toBeLessThan(1e-3);
      });
    } finally {
      await rm(folder, { recursive: true });
      await quantized.remove();
    }
  },
  300_000,
);
