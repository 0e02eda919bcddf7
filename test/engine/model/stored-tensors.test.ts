import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
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
    writeFileSync(path, more("blk.0.ssm_a"));
    expect(await failureOf(() => openModel(path))).toMatch(
      /the tensor blk\.0\.ssm_a is not part of the architecture llama/,
    );
  } finally {
    folder.remove();
  }
});
