import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { glossary, type Term } from "../../src/format/glossary";
import { repository } from "../scoring/support";

const terms: readonly Term[] = Object.values(glossary);
const pages = readdirSync(join(repository, "webview"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => readdirSync(join(repository, "webview", name)).map((file) => join("webview", name, file)))
  .filter((path) => path.endsWith("explanations.ts"))
  .map((path) => readFileSync(join(repository, path), "utf8"));

/** Symbols and names of statistics: behind "Details" alone. */
const SYMBOLS = /∂|Σ|‖|Ā|\b(y|L2|rho|KL|nats|cosine|Spearman|Jaccard|logit)\b/;

describe("the glossary", () => {
  test("has 25 terms at most, each with one sentence of what it is and one of what to do with it", () => {
    expect(terms.length).toBeLessThanOrEqual(25);
    for (const { is, use } of terms)
      for (const sentence of [is, use]) expect(sentence).toMatch(/^[A-Z][^.!?]*(0\.05[^.!?]*)?\.$/);
  });

  test("explains no word by a symbol", () => {
    for (const { is, use } of terms) expect(`${is} ${use}`).not.toMatch(SYMBOLS);
  });

  test("is what pages explain their charts with: each term is used, and symbols stand behind Details", () => {
    const used = pages.flatMap((page) =>
      [...page.matchAll(/terms: \[([^\]]*)\]/g)].flatMap(([, names = ""]) => names.match(/\w+/g) ?? []),
    );
    expect([...new Set(used)].sort()).toEqual(Object.keys(glossary).sort());
    const texts = pages.flatMap((page) =>
      [...page.matchAll(/\btext:\s*"((?:[^"\\]|\\.)*)"/g)].map(([, text = ""]) => text),
    );
    expect(texts.length).toBe(pages.reduce((sum, page) => sum + page.split("terms: [").length - 1, 0));
    expect(texts.filter((text) => SYMBOLS.test(text))).toEqual([]);
  });

  test("is a page of the documentation", () => {
    const page = readFileSync(join(repository, "docs/glossary.md"), "utf8");
    const entries = terms.map(({ name, is, use, details }) =>
      [`**${name}**`, is, use, ...(details === undefined ? [] : [`(${details})`])].join(" "),
    );
    expect(page.split("\n").filter((line) => line.startsWith("**"))).toEqual(
      entries.map((entry) => entry.replaceAll("|", "\\|")),
    );
  });
});
