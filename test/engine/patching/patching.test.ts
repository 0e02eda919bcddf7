import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { PatchingRequest, PatchingSite } from "../../../src/engine/api";
import type { PatchingDocument } from "../../../src/engine/document/document";
import { parseDocument } from "../../../src/kinds/parse-document";
import { openModel } from "../../../src/engine/model/model";
import { patching } from "../../../src/engine/patching/patching";
import { fixturePath } from "../support/reference";
import { resultOf } from "../support/reference-values";

interface Reference {
  readonly a: string;
  readonly b: string;
  readonly answers: readonly [number, number];
  readonly values: readonly [number, number];
  readonly grids: Readonly<Record<PatchingSite, readonly (readonly number[])[]>>;
}

/** test/reference/make_patching.py: PyTorch, every cell from the start. */
const references = JSON.parse(readFileSync("test/reference/patching.json", "utf8")) as Record<string, Reference>;
const sites: readonly PatchingSite[] = ["residual", "attention", "mlp"];

async function run(fixture: string, options: Partial<PatchingRequest> = {}): Promise<PatchingDocument> {
  const { a, b } = references[fixture];
  const model = await openModel(fixturePath(fixture));
  try {
    const prompts = { a: { source: "A", text: a }, b: { source: "B", text: b } };
    return (await resultOf(patching({ model, site: "residual", threads: 1, ...prompts, ...options }))).document;
  } finally {
    await model.close();
  }
}

const both = Object.keys(references).flatMap((fixture) => sites.map((site) => [fixture, site] as const));

describe("activation patching", () => {
  test.each(both)("of %s at %s gives PyTorch's grid", async (fixture, site) => {
    const { answers, values, grids } = references[fixture];
    const document = await run(fixture, { site });
    expect([document.answers.a.id, document.answers.b.id]).toEqual(answers);
    expect(document.a.value).toBeCloseTo(values[0], 4);
    expect(document.b.value).toBeCloseTo(values[1], 4);
    document.values.forEach((row, layer) => {
      row.forEach((value, position) => {
        expect(value).toBeCloseTo(grids[site][layer][position], 4);
        expect(document.grid?.[layer][position]).toBeCloseTo((value - values[1]) / (values[0] - values[1]), 3);
      });
    });
    expect(await parseDocument(JSON.stringify(document), "saved")).toEqual(document);
  });

  test("at the last layer's last position gives A's own run", async () => {
    const { grid, values, nextTokens, a } = await run("llama");
    expect(grid?.at(-1)?.at(-1)).toBeCloseTo(1, 5);
    expect(values.at(-1)?.at(-1)).toBeCloseTo(a.value, 5);
    const last = nextTokens.at(-1)?.at(-1) ?? [];
    expect(last.map(({ id }) => id)).toEqual(a.nextTokens.map(({ id }) => id));
    last.forEach(({ probability }, i) => {
      expect(probability).toBeCloseTo(a.nextTokens[i].probability, 6);
    });
  });

  test.each(sites)("of a prompt into itself changes nothing at %s", async (site) => {
    const { a: text } = references.llama;
    const same = { source: "same", text };
    const document = await run("llama", { a: same, b: same, site, answers: ["#1", "#2"] });
    expect(document.grid).toBeNull();
    for (const row of document.values) for (const value of row) expect(value).toBeCloseTo(document.b.value, 4);
  });

  test("gives the same in little memory, a few positions at a time", async () => {
    const plenty = await run("llama", { site: "attention" });
    // the least that it takes is in the message
    const least = await run("llama", { site: "attention", memory: 1 }).then(
      () => 0,
      (error: Error) => Number(/at least (\d+) MiB/.exec(error.message)?.[1]),
    );
    const little = await run("llama", { site: "attention", memory: least * 2 ** 20 });
    little.values.forEach((row, layer) => {
      row.forEach((value, position) => {
        expect(value).toBeCloseTo(plenty.values[layer][position], 5);
      });
    });
  });

  test.each([
    [
      { b: { source: "B", text: "short" } },
      /^The prompts must have equally many tokens\.\nA has \d+: ".*"\nB has \d+: ".*"$/,
    ],
    [
      { answers: ["#5", "#5"] as const },
      /^Both prompts have the same answer, ".*": there is no difference to trace\.\nA has 10: ".*"\nB has 10: ".*"$/,
    ],
    [{ answers: ["not one token", "#5"] as const }, /^The answer "not one token" is not one token of this model\.$/],
  ])("%# is refused", async (options, message) => {
    await expect(run("llama", options)).rejects.toThrow(message);
  });
});
