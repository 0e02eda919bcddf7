import { expect, test } from "vitest";

import { comparisonKind } from "../../src/kinds/comparison";
import type { Host } from "../../src/kinds/kind";
import { patchingKind } from "../../src/kinds/patching";
import { comparison } from "../cli/documents";

/* What the page of a comparison asks for beyond what every page does. */

test("where two texts part is patched, id for id, without an answer behind a text", async () => {
  const document = { ...comparison(), template: null };
  const [first] = document.a.samples;
  const [second] = document.b.samples;
  if (!first || !second) throw new Error("a side has no sample");
  const answered = { ...first, answer: { text: "x", tokens: 1 } };
  const shown = {
    document: { ...document, a: { ...document.a, samples: [answered] } },
    result: document,
    title: "a and b",
    origins: [],
  };
  const asked: unknown[] = [];
  const host = {
    run: (kind: unknown, what: unknown) => {
      expect(kind).toBe(patchingKind);
      asked.push(what);
      return Promise.resolve();
    },
  } as unknown as Host;
  expect(await comparisonKind.answer?.({ type: "patch", a: 0, b: 0 }, shown, host)).toBe(true);
  expect(asked).toEqual([
    {
      title: `${document.a.name} into ${document.b.name}`,
      origins: [],
      site: "residual",
      model: document.model,
      a: { source: first.source, text: first.text, tokens: first.tokens.slice(0, -1) },
      b: { source: second.source, text: second.text, tokens: second.tokens },
    },
  ]);
});

test("texts that stood in a template are patched without it: behind it both go on alike", async () => {
  const document = comparison();
  const framed = (side: typeof document.a) => ({
    ...side,
    samples: side.samples.map((sample) => ({ ...sample, text: `One word: "${sample.text}"` })),
  });
  const shown = {
    document: { ...document, a: framed(document.a), b: framed(document.b), template: 'One word: "{text}"' },
    result: document,
    title: "a and b",
    origins: [],
  };
  const asked: unknown[] = [];
  const host = { run: (_: unknown, what: unknown) => Promise.resolve(void asked.push(what)) } as unknown as Host;
  await comparisonKind.answer?.({ type: "patch", a: 0, b: 0 }, shown, host);
  const promptOf = ({ samples: [first] }: typeof document.a) => ({ source: first?.source, text: first?.text });
  expect(asked).toMatchObject([{ a: promptOf(document.a), b: promptOf(document.b) }]);
  expect(asked[0]).not.toHaveProperty("a.tokens");
});
