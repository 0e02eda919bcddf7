import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openModel, type Model } from "../../../src/engine/model/model";
import { pruneDeviations, pruneLike, pruneReference } from "../support/prune-reference";
import { demoModel, fixturePath } from "../support/reference";

const criteria = ["magnitude", "wanda", "activation", "sparsegpt"] as const;

describe.each([
  ["demo", demoModel],
  ["llama", fixturePath("llama")],
  ["gpt2", fixturePath("gpt2")],
  ["qwen2", fixturePath("qwen2")],
])("pruning %s agrees with PyTorch", (name, path) => {
  const reference = pruneReference(name);
  let model: Model;

  beforeAll(async () => {
    model = await openModel(path);
  });

  afterAll(async () => {
    await model.close();
  });

  test.each(criteria.flatMap((criterion) => [[criterion, "uniform"] as const, [criterion, "activation"] as const]))(
    "by %s, allocation %s",
    async (criterion, allocation) => {
      const document = await pruneLike(reference, model, criterion, allocation);
      // the fixtures' weights are random: their perplexities are near the vocabulary's size and hang on every weight
      const perplexity = name === "demo" ? (criterion === "sparsegpt" ? 0.03 : 0.01) : undefined;
      expect(pruneDeviations(document, reference, { perplexity })).toEqual([]);
    },
  );
});
