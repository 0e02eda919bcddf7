import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";

import { domains } from "../../src/engine/compare/domains";
import { testDomains } from "../../src/engine/compare/domain-tests";
import type { DomainsDocument } from "../../src/engine/document/document";
import { openModel } from "../../src/engine/model/model";
import { randomNumbers, shuffle } from "../../src/engine/numbers/random";
import { domainsLayers, domainsSentence, type Likeness } from "../../src/format/domains";
import { layersFinding, pairsFinding } from "../../src/format/domains-findings";
import { resultOf } from "../engine/support/reference-values";
import { simulatedTexts } from "../engine/support/simulated-texts";
import { maxLogit } from "../engine/support/sweeping";

/*
 * One domain whose texts are called two domains, or four, at random: no sentence may find a difference more than 5 times of 100.
 */

const SPLITS = 100;
const TEXTS = 40;

/** The claims that sentences make of domains, by what makes them. */
const sentences: Record<string, (document: DomainsDocument, likeness: Likeness) => boolean> = {
  "all texts together": (document, likeness) =>
    domainsSentence(document, likeness).includes("more alike than texts of two, in the deep layers by"),
  "each layer": (document, likeness) => /^In \d+ of \d+ layers/.test(layersFinding(domainsLayers(document, likeness))),
  "two domains": (document, likeness) => / are told| is told/.test(pairsFinding(document, likeness) ?? ""),
};

type Strata = NonNullable<DomainsDocument["tests"]>["strata"];

/** A result in which these texts are called domains at random. */
function split(strata: Strata, count: number, [from, to]: readonly [number, number], seed: number): DomainsDocument {
  const next = randomNumbers(seed);
  const labelled = strata.map(({ texts, ...tables }) => {
    const labels = texts.map((_, i) => i % count);
    shuffle(labels, next);
    return { texts: labels.map((label, i): [number, number] => [label, i]), ...tables };
  });
  const tests = testDomains(labelled, { deep: [from, to], seed: 0 });
  return {
    deep: [from, to],
    domains: Array.from({ length: count }, (_, i) => ({ name: `d${i}` })),
    pairs: [],
    tests,
    significance: tests?.similarity.layers.map(({ p }) => p) ?? [],
    contrastSignificance: tests?.contrast?.layers.map(({ p }) => p) ?? null,
  } as unknown as DomainsDocument;
}

/** How many of the splits each sentence makes a claim of. */
function claimsOf(splits: readonly DomainsDocument[], likeness: Likeness): Record<string, number> {
  return Object.fromEntries(
    Object.entries(sentences).map(([name, isClaimed]) => [
      name,
      splits.filter((document) => isClaimed(document, likeness)).length,
    ]),
  );
}

function expectFew(claims: Record<string, number>): void {
  for (const [name, count] of Object.entries(claims)) expect([name, count <= 5, count]).toEqual([name, true, count]);
}

describe("of texts of one domain, sentences of WikiText on the bundled model", () => {
  let strata: Strata;
  let deep: [number, number];

  beforeAll(async () => {
    const all = readFileSync("test/data/wikitext2-valid-head.txt", "utf8")
      .split(/ \. |\n/)
      .filter((sentence) => sentence.length > 80)
      .slice(0, TEXTS);
    expect(all).toHaveLength(TEXTS);
    const half = (name: string, from: number) => ({
      name,
      texts: all.slice(from, from + TEXTS / 2).map((text, i) => ({ source: `${name}/${i}`, text })),
    });
    const model = await openModel("models/demo");
    try {
      const { document } = await resultOf(
        domains({
          ...{ model, target: maxLogit, threads: 2, maxTexts: 64, window: 24, share: 0.1, contrast: true, seed: 0 },
          domains: [half("one", 0), half("two", TEXTS / 2)],
        }),
      );
      // of the upper half: testing all layers would take as long again
      const from = document.model.layers / 2;
      deep = [document.deep[0] - from, document.deep[1] - from];
      strata = (document.tests?.strata ?? []).map(({ texts, similarity, contrast }) => ({
        texts,
        similarity: similarity.slice(from),
        contrast: contrast?.slice(from) ?? null,
      }));
    } finally {
      await model.close();
    }
  });

  test.each([2, 4])("called %i domains at random a difference is found at most 5 times of 100", (count) => {
    const splits = Array.from({ length: SPLITS }, (_, seed) => split(strata, count, deep, seed));
    const claims = (["similarity", "contrast"] as const).map((likeness) => claimsOf(splits, likeness));
    for (const ofLikeness of claims) expectFew(ofLikeness);
  });
});

describe("of simulated texts", () => {
  const of = (count: number, difference: number, runs: number, texts = 8) => {
    const next = randomNumbers(3);
    return Array.from({ length: runs }, (_, seed) => {
      const { labels, columns } = simulatedTexts({ domains: count, texts, difference, layers: 6 }, next);
      const named = labels.map((label, i): [number, number] => [label, i]);
      const tests = testDomains([{ texts: named, similarity: [...columns.map((c) => [...c])], contrast: null }], {
        deep: [3, 6],
        seed,
      });
      return {
        deep: [3, 6],
        domains: Array.from({ length: count }, (_, i) => ({ name: `d${i}` })),
        pairs: [],
        tests,
        significance: tests?.similarity.layers.map(({ p }) => p) ?? [],
        contrastSignificance: null,
      } as unknown as DomainsDocument;
    });
  };

  test.each([2, 3])("of %i domains that are one a difference is found at most 5 times of 100", (count) => {
    expectFew(claimsOf(of(count, 0, SPLITS), "similarity"));
  });

  test.each([2, 3])("of %i domains that differ it is found", (count) => {
    for (const found of Object.values(claimsOf(of(count, 0.1, 20), "similarity"))) expect(found).toBeGreaterThan(18);
  });
});
