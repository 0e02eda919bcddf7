import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

import { openModel } from "../../../../src/engine/model/model";
import { exportModel } from "../../../../src/engine/prune/export/export-model";
import { convertToGguf } from "../../support/convert-to-gguf";
import { readTensors } from "../../support/model-copy";
import { findPyTorch, perplexitiesInPyTorch } from "../../support/pytorch";
import { fixturePath } from "../../support/reference";
import { TemporaryFolder } from "../../support/temporary-folder";

/*
 * A GGUF file that is exported becomes the folder that it was converted from: mixtures of experts and hybrids, whose tensors llama.cpp stacks, splits
 * and reorders.
 */

const temporary = new TemporaryFolder();
afterAll(() => {
  temporary.remove();
});

const fixtures = [
  ...["mixtral", "qwen2_moe", "qwen3_moe-every-layer", "granitemoe", "gpt_oss", "glm4_moe", "deepseek_v3", "lfm2"],
  ...["qwen3_5", "gemma4", "gemma4-multimodal"],
];

const exported = (fixture: string): string => join(temporary.path, fixture);

test.each(fixtures)("%s", async (fixture) => {
  const path = join(temporary.path, `${fixture}.gguf`);
  writeFileSync(path, (await convertToGguf(fixture)).file);
  const model = await openModel(path);
  await exportModel(model, model, { folder: exported(fixture), force: false }, false, undefined);
  await model.close();

  const [own, expected] = [exported(fixture), fixturePath(fixture)].map((folder) =>
    Array.from(
      readTensors(readFileSync(join(folder, "model.safetensors"))),
      ([name, { shape }]) => `${name.replace("model.language_model.", "model.")} ${shape.join("x")}`,
    ).filter((name) => !/vision|lm_head.*512x64$/.test(name) || !fixture.includes("multimodal")),
  );
  expect(own.sort()).toEqual(expected.sort());
  const again = await openModel(exported(fixture));
  await again.close();
});

const python = findPyTorch("loading exported GGUF models in PyTorch");

test.skipIf(python === undefined)(
  "transformers finds the same perplexity with what was exported as with the folder that was converted",
  () => {
    const some = fixtures.filter((fixture) => !fixture.includes("multimodal"));
    const folders = [...some.map(exported), ...some.map(fixturePath)];
    const found = perplexitiesInPyTorch(python ?? "", folders, { window: 32, windows: 1 });
    some.forEach((fixture, i) => {
      expect(Math.abs(found[i] / found[i + some.length] - 1), fixture).toBeLessThan(1e-4);
    });
  },
  300_000,
);
