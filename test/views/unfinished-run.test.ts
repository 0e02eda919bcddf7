import { describe, expect, test } from "vitest";

import type { PatchingDocument } from "../../src/engine/document/document";
import { analysisKind } from "../../src/kinds/analysis";
import { comparing } from "../../src/kinds/comparison";
import { domainsTitle } from "../../src/kinds/domains";
import { patchingKind } from "../../src/kinds/patching";
import { parseUnfinishedRun } from "../../src/views/unfinished-run";
import { analysis } from "../cli/documents";

const texts = [{ source: "a.txt", text: "One." }];
const origins = [{ source: "a.txt", uri: "file:///a.txt", offset: 0 }];
const subject = { title: "a.txt", texts, notes: ["One was left out."], origins };
const options = { target: "loss", threshold: { mode: "share", share: 0.1 }, window: 64, chat: false } as const;
const document = analysis();
const { name, path, hash } = document.model;

const patching = {
  a: { source: "a", text: "One.", tokens: [{ id: 1, text: "One.", start: 0, end: 4 }] },
  b: { source: "b", text: "Two.", tokens: [{ id: 2, text: "Two.", start: 0, end: 4 }] },
  site: "mlp",
  model: document.model,
} as unknown as PatchingDocument;

/** All that is asked for, of every kind. */
const runs = {
  "paramscope.analysis": { ...subject, options, samples: document.samples, model: { name, path, hash } },
  "paramscope.comparison": comparing(subject, subject, { options }),
  "paramscope.pairs": {
    title: "pairs.tsv",
    origins: [],
    pairs: [{ a: "One.", b: "Two.", score: 2.5 }],
    source: "pairs.tsv",
    template: "{text}",
    notes: [],
  },
  "paramscope.domains": { title: "a and b", origins: [], domains: [{ name: "a", texts }], notes: ["None."] },
  "paramscope.patching": {
    title: "a into b",
    origins,
    a: { source: "a", text: "One." },
    b: { source: "b", text: "Two.", tokens: patching.b.tokens },
    site: "attention",
    answers: [" x", " y"],
  },
};

describe("a run that ended with the window", () => {
  test.each(Object.entries(runs))("of %s is read as it was written", (format, asked) => {
    const run = { format, asked, modelName: "demo" };
    // What is not defined is not written.
    const written: unknown = JSON.parse(JSON.stringify(run));
    expect(parseUnfinishedRun(JSON.stringify(run))).toEqual(written);
  });

  test("of an unknown kind is none", () => {
    expect(() => parseUnfinishedRun('{"format":"paramscope.frequency","asked":{},"modelName":"demo"}')).toThrow();
  });
});

describe("what is asked for", () => {
  test("again of a result takes its ids, and the model that they belong to", () => {
    const of = { title: "a.txt", origins };
    expect(analysisKind.run.askedOf?.(document, of, false)).toMatchObject({
      ...of,
      samples: document.samples,
      model: { name, path, hash },
    });
    const asked = patchingKind.run.askedOf?.(patching, of, false);
    expect(asked).toMatchObject({ ...of, a: patching.a, b: patching.b, site: "mlp", model: { name, path, hash } });
    const again = { type: "runAgain", site: "residual", answers: [" x", " y"], swapped: true } as const;
    expect(asked && patchingKind.run.again?.(asked, again)).toMatchObject({
      a: patching.b,
      b: patching.a,
      site: "residual",
      answers: [" x", " y"],
    });
  });

  test("of two results is run with their model, and refused where they have two", () => {
    const result = { ...subject, model: document.model };
    expect(comparing(subject, result).model).toBe(document.model);
    const other = { ...result, title: "b.txt", model: { ...document.model, name: "other", hash: "other" } };
    expect(() => comparing(result, other)).toThrow("a.txt was made with the model tiny, b.txt with other");
    const tuned = { ...other, model: { ...document.model, hash: "other" } };
    expect(() => comparing(result, tuned)).toThrow("made with two models that are not the same, both called tiny");
  });

  test("of folders is called by the first of them", () => {
    const named = (...names: string[]) => domainsTitle(names.map((name) => ({ name })));
    expect(named("a", "b")).toBe("a and b");
    expect(named("a", "b", "c", "d")).toBe("a, b, c and d");
    expect(named("a", "b", "c", "d", "e")).toBe("a, b, c and 2 more");
  });
});
