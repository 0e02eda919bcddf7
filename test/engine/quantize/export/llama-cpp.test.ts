import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openModel } from "../../../../src/engine/model/model";
import { planGguf, writeGguf } from "../../../../src/engine/quantize/export/write-gguf";
import { convertedFixtures } from "../../support/convert-to-gguf";
import { lastLogits, logSoftmax } from "../../support/forward";
import { FAR, OTHER, REFUSED } from "../../support/llama-cpp-departures";
import { llamaCpp, probabilitiesByLlamaCpp, type LlamaCppProbabilities } from "../../support/llama-cpp";
import { fixturePath, fixtureReference } from "../../support/reference";

/** llama.cpp opens the files that we write of folders, and predicts what we predict of the folders. */
const folder = mkdtempSync(join(tmpdir(), "paramscope-gguf-"));
const pathOf = (fixture: string): string => join(folder, `${fixture}.gguf`);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Windows that it passes over. */
const SEES_ALL = ["exaone4", "mistral", "starcoder2"];

const names = convertedFixtures.filter((name) => name !== "llama-dynamic");
const NEAR = 2e-3;

describe.skipIf(llamaCpp === undefined)("predictions of llama.cpp", () => {
  let theirs: LlamaCppProbabilities;
  const notes = new Map<string, readonly string[]>();
  const idsOf = (name: string): readonly (readonly number[])[] => fixtureReference(name).tokens.slice(0, 4);
  beforeAll(async () => {
    for (const name of names) {
      const model = await openModel(fixturePath(name));
      const plan = await planGguf(model);
      notes.set(name, plan.notes);
      await writeGguf(pathOf(name), plan, { formatOf: () => "F32" });
      await model.close();
    }
    theirs = probabilitiesByLlamaCpp(
      llamaCpp ?? "",
      names.map((name) => ({ model: pathOf(name), ids: idsOf(name) })),
    );
  }, 120_000);

  test.each(names)("%s", async (name) => {
    const expected = theirs.models[names.indexOf(name)];
    if (typeof expected === "string") {
      expect(expected).toMatch(REFUSED[name] ?? "a file that it opens");
      return;
    }
    const model = await openModel(fixturePath(name));
    const ids = idsOf(name).map((one) => Int32Array.from(one));
    const logits = await lastLogits(model, ids);
    await model.close();
    const worst = logits.map((last, i) =>
      Math.max(...logSoftmax(last).map((value, id) => Math.abs(value - expected[i][id]))),
    );
    const far = Math.max(NEAR, FAR[name] ?? 0);
    const isOther = name in OTHER || SEES_ALL.includes(name);
    expect(notes.get(name)?.length, "says so").toBe(isOther ? 1 : 0);
    if (isOther) expect(Math.max(...worst)).toBeGreaterThan(far);
    else expect(worst.filter((one) => !(one <= far))).toEqual([]);
  });
});
