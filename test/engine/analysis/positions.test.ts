import { describe, expect, test } from "vitest";

import { analyze } from "../../../src/engine/analysis/analyze";
import { beginnings } from "../../../src/engine/analysis/positions";
import { MOST_POSITIONS } from "../../../src/engine/run/defaults";
import type { AnalysisDocument } from "../../../src/engine/document/document";
import { readPositions } from "../../../src/engine/document/read-positions";
import { openModel, type Model } from "../../../src/engine/model/model";
import type { Target } from "../../../src/engine/sweep/target";
import { numberedName } from "../../../src/format/matrix-names";
import { parseDocument } from "../../../src/kinds/parse-document";
import { fixturePath, fixtureReference } from "../support/reference";
import { resultOf } from "../support/reference-values";
import { sampleOf, samplesOf, setOf } from "../support/samples";

const threshold = { mode: "share", share: 0.1 } as const;

async function analyzed(model: Model, target: Target, ids: readonly number[], positions?: { around?: number }) {
  const set = setOf([sampleOf(ids)]);
  const run = analyze({ model, target, threads: 1, set, threshold, ...(positions && { positions }) });
  return (await resultOf(run)).document;
}

/** The sums of a layer's matrices, those of all experts of one name together. */
function cellsOf({ modules }: AnalysisDocument["layers"][number]): Map<string, number> {
  const cells = new Map<string, number>();
  for (const { name, sum } of modules) {
    const cell = numberedName(name).name;
    cells.set(cell, (cells.get(cell) ?? 0) + sum);
  }
  return cells;
}

describe.each(["gpt_neox", "llama", "gemma2", "mixtral", "gpt_oss"])("the beginnings of a text, by %s", (name) => {
  test.each([
    ["spread", { kind: "spread" }],
    ["max-logit", { kind: "max-logit" }],
  ] as const)("are what separate analyses of them are, for %s", async (_, target) => {
    const model = await openModel(fixturePath(name));
    const [sample] = samplesOf(fixtureReference(name), model);
    const ids = [...sample.ids].slice(0, 9);
    const document = await analyzed(model, target, ids, {});
    expect(await parseDocument(JSON.stringify(document), "saved")).toEqual(document);
    const { positions } = document;
    if (!positions) throw new Error("there are no positions");
    expect(positions).toMatchObject({ sample: 0, first: 0, target: target.kind });
    const { sums, saliency } = readPositions(positions);
    expect(sums).toHaveLength(ids.length);
    for (const [i, { loss, next, strongest }] of positions.at.entries()) {
      const alone = await analyzed(model, target, ids.slice(0, i + 1));
      const expected = alone.layers.flatMap((layer, l) => {
        const cells = cellsOf(layer);
        expect(positions.matrices[l].map((matrix) => numberedName(matrix).name)).toEqual([...cells.keys()]);
        return [...cells.values()];
      });
      const largest = Math.max(...expected);
      sums[i].forEach((sum, cell) => expect(Math.abs(sum - expected[cell]) / largest).toBeLessThan(2e-5));
      const [own] = alone.samples;
      expect(next.map(({ id }) => id)).toEqual(own.nextTokens.map(({ id }) => id));
      next.forEach(({ probability }, n) => expect(probability).toBeCloseTo(own.nextTokens[n].probability, 5));
      own.tokens.forEach((token, t) =>
        expect(Math.abs(saliency[i][t] - (token.saliency ?? 0))).toBeLessThan(
          strongest / 254 + 1e-5 * strongest + 1e-12,
        ),
      );
      if (i === ids.length - 1) expect(loss).toBeNull();
      else {
        const read = await analyzed(model, { kind: "next-token", position: i + 1 }, ids.slice(0, i + 2));
        expect(loss).toBeCloseTo(-read.samples[0].targetValue, 4);
      }
    }
    await model.close();
  });
});

describe("positions", () => {
  test("explain the whole prediction where what is asked of the text cannot be asked of its beginnings", async () => {
    const model = await openModel(fixturePath("llama"));
    const [sample] = samplesOf(fixtureReference("llama"), model);
    const ids = [...sample.ids].slice(0, 4);
    const loss = await analyzed(model, { kind: "loss" }, ids, {});
    const spread = await analyzed(model, { kind: "spread" }, ids, {});
    expect(loss.positions).toEqual(spread.positions);
    await model.close();
  });

  test("are at most so many, around the one that is asked for, each one token longer than the one before", () => {
    const long = setOf([sampleOf(Array.from({ length: 1000 }, (_, i) => i))]);
    const lengths = (around?: number) => {
      const all = beginnings(long, around === undefined ? {} : { around });
      all.forEach(({ ids, next }, i) => {
        expect(ids.length).toBe(all[0].ids.length + i);
        expect(next).toBe(ids.length < 1000 ? ids.length : undefined);
      });
      expect(all).toHaveLength(MOST_POSITIONS);
      return [all[0].ids.length, all[all.length - 1].ids.length];
    };
    expect(lengths()).toEqual([1, 128]);
    expect(lengths(500)).toEqual([437, 564]);
    expect(lengths(999)).toEqual([873, 1000]);
    expect(lengths(5000)).toEqual([873, 1000]);
  });
});
