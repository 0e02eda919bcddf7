import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openModel } from "../../../src/engine/model/model";
import { planGguf, writeGguf } from "../../../src/engine/quantize/export/write-gguf";
import { elementAt } from "../../../src/engine/numbers/elements";
import { shrink } from "../../../src/engine/shrink/shrink";
import { convertedFixtures } from "../support/convert-to-gguf";
import { lastLogits, logSoftmax } from "../support/forward";
import { llamaCpp, probabilitiesByLlamaCpp } from "../support/llama-cpp";
import { FAR, OTHER } from "../support/llama-cpp-departures";
import { findPyTorch, lastLogitsInPyTorch } from "../support/pytorch";
import { fixturePath, fixtureReference } from "../support/reference";
import { resultOf } from "../support/reference-values";
import { shrinkRequestOf, shrunkFixtures } from "../support/shrinking";

/** What is left of models is loaded by the programs that it is written for, and predicts there what we predict of it. */
const work = mkdtempSync(join(tmpdir(), "paramscope-shrunk-"));
const python = findPyTorch("loading shrunk models in PyTorch");

/** Of these llama.cpp takes all heads together for as wide as hidden states. */
const AS_WIDE = ["exaone4", "glm", "lfm2", "nemotron", "olmo", "olmo2", "olmo3", "phi", "phi3", "qwen2", "qwen2_moe"];

type Fixture = (typeof shrunkFixtures)[number];
const nameOf = ([name, structure]: Fixture): string => `${name}-without-${structure}`;
const folderOf = (fixture: Fixture): string => join(work, nameOf(fixture));
const ggufOf = (fixture: Fixture): string => join(work, `${nameOf(fixture)}.gguf`);
/** The same of the folder, in float32: what enters a matrix llama.cpp rounds to what that is stored in. */
const floatsOf = (fixture: Fixture): string => join(work, `${nameOf(fixture)}-F32.gguf`);
const idsOf = ([name]: Fixture): readonly (readonly number[])[] => fixtureReference(name).tokens.slice(0, 2);

/** Those that GGUF files have names for, as llama.cpp knows them. */
const inGguf = shrunkFixtures.filter(
  ([name, structure]) => convertedFixtures.includes(name) && !(structure === "heads" && AS_WIDE.includes(name)),
);
const ours = new Map<string, Float32Array[]>();

beforeAll(async () => {
  if (python === undefined && llamaCpp === undefined) return;
  for (const fixture of shrunkFixtures) {
    const [name, structure] = fixture;
    const model = await openModel(fixturePath(name));
    const exportTo = { folder: folderOf(fixture), force: false };
    const ggufTo = { file: ggufOf(fixture), force: false };
    const request = shrinkRequestOf(model, structure, { exportTo, ...(inGguf.includes(fixture) && { ggufTo }) });
    await resultOf(shrink(request));
    await model.close();
    const shrunk = await openModel(exportTo.folder);
    if (inGguf.includes(fixture)) await writeGguf(floatsOf(fixture), await planGguf(shrunk), { formatOf: () => "F32" });
    ours.set(
      nameOf(fixture),
      await lastLogits(
        shrunk,
        idsOf(fixture).map((ids) => Int32Array.from(ids)),
      ),
    );
    await shrunk.close();
  }
}, 120_000);

afterAll(() => {
  rmSync(work, { recursive: true });
});

/** How far apart two predictions are behind each text, by a token's logarithm of its probability. */
function farthest(fixture: Fixture, theirs: readonly (readonly number[])[]): number {
  const own = ours.get(nameOf(fixture)) ?? [];
  expect(own.length).toBe(theirs.length);
  return Math.max(
    ...own.flatMap((logits, i) => [...logSoftmax(logits)].map((value, id) => Math.abs(value - theirs[i][id]))),
  );
}

describe.skipIf(llamaCpp === undefined)("llama.cpp", () => {
  test("predicts what we predict", () => {
    const { models } = probabilitiesByLlamaCpp(
      llamaCpp ?? "",
      [floatsOf, ggufOf].flatMap((pathOf) =>
        inGguf.map((fixture) => ({ model: pathOf(fixture), ids: idsOf(fixture) })),
      ),
    );
    const distances = models.map((theirs, i) =>
      typeof theirs === "string" ? theirs : farthest(elementAt(inGguf, i % inGguf.length), theirs),
    );
    // every structure is among them
    expect(new Set(inGguf.map(([, structure]) => structure)).size).toBe(4);
    // in their own type the same, but for what llama.cpp rounds
    for (const [from, near] of [
      [0, 2e-3],
      [inGguf.length, 0.15],
    ] as const) {
      const far = inGguf.flatMap((fixture, i) => {
        const distance = distances[from + i];
        const limit = fixture[0] in OTHER ? 0.15 : Math.max(near, FAR[fixture[0]] ?? 0);
        return typeof distance === "number" && distance < limit ? [] : [[nameOf(fixture), distance] as const];
      });
      expect(far).toEqual([]);
    }
  }, 120_000);
});

test.each(AS_WIDE)(
  "heads of %s go, but not into a GGUF file: that is said before anything is computed",
  async (name) => {
    const model = await openModel(fixturePath(name));
    const ggufTo = { file: join(work, "none.gguf"), force: false };
    await expect(shrink(shrinkRequestOf(model, "heads", { ggufTo })).next()).rejects.toThrow(
      /^The heads of \S+ are together not as wide as its hidden states, and llama\.cpp opens no such file of \S+\.$/,
    );
    await model.close();
  },
);

describe.skipIf(python === undefined)("transformers", () => {
  test("predicts what we predict", () => {
    const models = lastLogitsInPyTorch(
      python ?? "",
      shrunkFixtures.map((fixture) => ({ model: folderOf(fixture), ids: idsOf(fixture) })),
    );
    const far = shrunkFixtures.map(
      (fixture, i) =>
        [
          nameOf(fixture),
          farthest(
            fixture,
            models[i].map((row) => [...logSoftmax(Float32Array.from(row))]),
          ),
        ] as const,
    );
    expect(far.filter(([, distance]) => !(distance < 1e-4))).toEqual([]);
  }, 300_000);
});
