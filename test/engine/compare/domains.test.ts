import { access, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Domain, DomainsRequest } from "../../../src/engine/api";
import { domains } from "../../../src/engine/compare/domains";
import { relevance } from "../../../src/engine/compare/deep-layers";
import { testDomains } from "../../../src/engine/compare/domain-tests";
import type { DomainsDocument } from "../../../src/engine/document/document";
import { parseDocument } from "../../../src/kinds/parse-document";
import { openModel, type Model } from "../../../src/engine/model/model";
import { pairAt } from "../../../src/engine/compare/text-table";
import { overlapOf } from "../../../src/engine/numbers/overlap";
import { fixturePath, fixtureReference } from "../support/reference";
import { resultOf } from "../support/reference-values";
import { maxLogit } from "../support/sweeping";

const fixture = "llama";
const { texts, pairs: reference } = fixtureReference(fixture);

let model: Model;

beforeAll(async () => {
  model = await openModel(fixturePath(fixture));
});

afterAll(async () => {
  await model.close();
});

const domain = (name: string, ...of: string[]): Domain => ({
  name,
  texts: of.map((text, i) => ({ source: `${name}/${i}`, text })),
});

async function run(list: readonly Domain[], options: Partial<DomainsRequest> = {}): Promise<DomainsDocument> {
  const request = {
    model,
    target: maxLogit,
    threads: 1,
    maxTexts: 64,
    window: 512,
    share: 0.1,
    contrast: true,
    seed: 0,
  };
  return (await resultOf(domains({ ...request, domains: list, ...options }))).document;
}

const MARK = " (again)";

/** A model that reads texts with the mark as those without. */
function markBlind(model: Model): Model {
  const { tokenizer } = model;
  const encode: typeof tokenizer.encode = (text, options) => tokenizer.encode(text.replace(MARK, ""), options);
  return Object.assign(Object.create(model) as Model, {
    tokenizer: Object.assign(Object.create(tokenizer) as typeof tokenizer, { encode }),
  });
}

const similarityOf = (a: number, b: number): readonly number[] =>
  reference.find((pair) => (pair.a === a && pair.b === b) || (pair.a === b && pair.b === a))?.similarity ?? [];

describe("domains", () => {
  test("compare text i with text i of another, and with the next of their own", async () => {
    const document = await run([domain("one", texts[0], texts[1]), domain("two", texts[2], texts[3])]);
    const expected = [
      [
        "one",
        "one",
        [
          [0, 1],
          [1, 0],
        ],
      ],
      [
        "one",
        "two",
        [
          [0, 2],
          [1, 3],
        ],
      ],
      [
        "two",
        "two",
        [
          [2, 3],
          [3, 2],
        ],
      ],
    ] as const;
    expect(document.pairs.map(({ a, b }) => [a, b])).toEqual(expected.map(([a, b]) => [a, b]));
    document.pairs.forEach(({ similarity, relevance: mean, contrast }, index) => {
      similarity.forEach((layer, l) => {
        layer.forEach((value, pair) => {
          const [a, b] = expected[index][2][pair];
          expect(Math.abs(value / similarityOf(a, b)[l] - 1)).toBeLessThan(2e-3);
        });
      });
      expect(mean).toBeCloseTo(
        relevance(
          similarity.map((layer) => (layer[0] + layer[1]) / 2),
          document.deep,
        ),
        12,
      );
      expect(contrast).toHaveLength(model.layers);
    });
    expect(document.domains.map(({ sources }) => sources)).toEqual([
      ["one/0", "one/1"],
      ["two/0", "two/1"],
    ]);
    document.density?.forEach((layers) => {
      const sizes = layers.map(() => model.scored / model.layers);
      const active = layers.reduce((sum, density, layer) => sum + density * sizes[layer], 0);
      expect(active / model.scored).toBeCloseTo(0.1, 2);
    });
    expect(await parseDocument(JSON.stringify(document), "saved")).toEqual(document);
  });

  test("keep how alike every two texts are, of which their tests are made", async () => {
    const document = await run([domain("one", ...texts), domain("two", texts[1], texts[0], texts[3], texts[2])]);
    const { tests, deep, pairs } = document;
    expect(tests?.strata.map(({ texts: of }) => of)).toEqual([
      Array.from({ length: 8 }, () => expect.anything() as unknown),
    ]);
    const [{ texts: of, similarity, contrast }] = tests?.strata ?? [];
    // the tables of each pair are in those of all
    const place = (domain: number, text: number) => of.findIndex(([d, t]) => d === domain && t === text);
    pairs[1].similarity.forEach((values, layer) => {
      values.forEach((value, i) => {
        const at = pairAt(place(0, i), place(1, i));
        expect(similarity[layer][at]).toBeCloseTo(value, 4);
        expect(contrast?.[layer][at]).toBeCloseTo(pairs[1].contrast?.[layer][i] ?? NaN, 4);
      });
    });
    expect(similarity.map((layer) => layer.length)).toEqual(Array.from({ length: model.layers }, () => 28));
    // from what a saved file holds
    const saved = (await parseDocument(JSON.stringify(document), "saved")) as DomainsDocument;
    expect(testDomains(saved.tests?.strata ?? [], { deep, seed: saved.tests?.seed ?? NaN })).toEqual(tests);
    expect(document.significance).toEqual(tests?.similarity.layers.map(({ p }) => p));
    expect(document.contrastSignificance).toEqual(tests?.contrast?.layers.map(({ p }) => p));
    expect(tests?.similarity.pairs).toHaveLength(1);
  });

  test("of an earlier version open, without tests", async () => {
    const document = await run([domain("one", ...texts), domain("two", ...texts)]);
    const old = JSON.stringify({ ...document, tests: undefined });
    expect(await parseDocument(old, "saved")).toEqual({ ...document, tests: null });
  });

  test("share what the reference says their top sets share, where each is one text over and over", async () => {
    // copies would be left out: each text has a mark that the model does not see
    const marked = (text: string): [string, string] => [text, `${text}${MARK}`];
    const document = await run([domain("one", ...marked(texts[0])), domain("two", ...marked(texts[2]))], {
      model: markBlind(model),
    });
    const [overlap] = document.overlaps ?? [];
    const expected = reference.find(({ a, b }) => a === 0 && b === 2)?.overlap ?? [];
    expect(overlap.layers).toHaveLength(model.layers);
    overlap.layers.forEach((layer, l) => {
      expect(Math.abs(overlapOf(layer) - expected[l])).toBeLessThan(0.005);
    });
    for (const { a, b } of overlap.strongestOfA) expect(a).toBeGreaterThan(b);
    // halves of one text each: of one domain they are the same, of both as all of it, but for what a sample of its weights can be off
    expect(overlap.halves?.within).toEqual(overlap.layers.map(() => 1));
    overlap.halves?.across.forEach((shared, l) => {
      expect(Math.abs(shared - expected[l])).toBeLessThan(0.15);
    });
    for (const { p } of document.neurons?.[0].neurons ?? []) expect(p).toBeGreaterThan(0);
    const strengths = overlap.strongestOfB.map(({ b }) => b);
    expect(strengths).toEqual([...strengths].sort((x, y) => y - x));
    expect(strengths).toHaveLength(10);
  });

  test("go without what needs more memory than they may use, and say so", async () => {
    const list = [domain("one", ...texts), domain("two", ...texts)];
    const refusal: unknown = await run(list, { memory: 1 }).catch((error: unknown) => error);
    const least = Number(/at least (\d+) MiB/.exec(String(refusal))?.[1]);
    const left = new Set<string>();
    // the fixture is small: what its ways need lies within a few MiB
    for (let mebibytes = least; mebibytes < least + 6; mebibytes += 1 / 4) {
      const { run: of, density, overlaps } = await run(list, { memory: mebibytes * 2 ** 20 });
      for (const note of of.notes.filter((one) => one.includes("left out"))) left.add(note.split(":")[0]);
      expect([overlaps === null, density === null]).toEqual(
        ["What two domains share", "The density"].map((what) => of.notes.some((note) => note.startsWith(what))),
      );
    }
    expect([...left].sort()).toEqual([
      "The density of each domain was left out",
      "What two domains share was left out",
      "What two halves of a domain share, and what chance makes of neurons, was left out",
    ]);
  });

  test("of the same texts are alike, and the test sees no difference", async () => {
    const document = await run([domain("one", ...texts), domain("two", ...texts)]);
    for (const layer of document.pairs[1].similarity) for (const value of layer) expect(value).toBeCloseTo(1, 5);
    for (const p of document.significance) expect(p).toBeGreaterThan(0.5);
  });

  test("take as many texts of each, and say what is left out", async () => {
    const document = await run([domain("one", ...texts), domain("two", texts[0], texts[1], texts[2])], {
      maxTexts: 3,
      window: 6,
      contrast: false,
    });
    expect(document.run.notes).toEqual([
      "3 of 4 texts of one were taken: the run takes at most so many of each.",
      "3 texts are in more than one folder, and count as texts of each.",
      "Of 6 of 6 texts only the first 6 tokens were taken.",
    ]);
    expect(document.contrastSignificance).toBeNull();
    const uneven = await run([domain("one", ...texts), domain("two", texts[0], texts[1], texts[2])]);
    expect(uneven.run.notes).toEqual([
      "The last of 4 texts of one was left out: another domain has 3.",
      "3 texts are in more than one folder, and count as texts of each.",
    ]);
  });

  test.each([
    [[domain("one", "a", "b")], "A comparison of domains needs at least two."],
    [
      [domain("one", "a", "b"), domain("two", "c")],
      "two has one text, and texts within a domain are compared with each other.",
    ],
  ])("%# are refused: %s", async (list, message) => {
    await expect(run(list)).rejects.toThrow(message);
  });
});

describe("a long run of domains", () => {
  test("that was stopped goes on, and comes to the same", async () => {
    const folder = await mkdtemp(join(tmpdir(), "paramscope-"));
    const resume = join(folder, "run.resume");
    try {
      const list = [domain("one", texts[0], texts[1]), domain("two", texts[2], texts[3])];
      const whole = await run(list);
      const request = {
        model,
        target: maxLogit,
        threads: 1,
        maxTexts: 64,
        window: 512,
        share: 0.1,
        contrast: true,
        seed: 0,
      };
      let done = 0;
      // a layer is kept before the next event comes
      for await (const event of domains({ ...request, domains: list, resume }))
        if (event.type === "progress" && event.phase === "backward" && ++done === 2) break;
      await expect(run(list, { resume, seed: 1 })).rejects.toThrow(`${resume} is of another run`);
      const resumed = await run(list, { resume });
      expect({ ...resumed, run: null }).toEqual({ ...whole, run: null });
      await expect(access(resume)).rejects.toThrow("ENOENT");
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
