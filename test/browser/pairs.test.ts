import { mkdirSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PairsDocument } from "../../src/engine/document/document";
import { standingsOf } from "../../src/format/pairs";
import { rhoFinding } from "../../src/format/pairs-findings";
import { parseDocument } from "../../src/kinds/parse-document";
import type { FromPairsView, PairsState } from "../../src/pages/pairs";
import { bundle, launch, View } from "./harness/harness";
import { commandLine } from "./harness/states";
import { looks } from "./harness/themes";

const folder = "dist/pictures/pairs";
let browser: Browser;
let files: { script: string; style: string };
let document: PairsDocument;
let states: Record<string, PairsState>;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  [browser, files] = await Promise.all([launch(), bundle("pairs")]);
  const template = ["--template", 'This sentence: "{text}" means in one word: "'];
  const table = ["pairs", "test/data/stsb-dev-100.tsv", "--limit", "30"];
  document = commandLine(...table, ...template) as PairsDocument;
  const plain = commandLine(...table, "--no-contrast") as PairsDocument;
  const running = { phase: "running", title: "stsb.tsv", model: "demo" } as const;
  const streamed = document.spearman.layers.map((spearman, layer) => ({ layer, spearman })).slice(7);
  const done = { phase: "done", title: "stsb.tsv", saved: false } as const;
  states = {
    empty: { phase: "empty" },
    queued: { ...running, progress: { phase: "queued", done: 0, layers: 0, share: 0 }, layers: [] },
    streaming: {
      ...running,
      progress: { phase: "backward", done: 5, layers: 12, share: 0.5, secondsLeft: 4 },
      layers: streamed.reverse(),
    },
    done: { ...done, document },
    "without-contrast": { ...done, document: plain },
    saved: { ...done, document, saved: true },
    cancelled: { phase: "cancelled", title: "stsb.tsv", layers: streamed, layerCount: 12 },
    interrupted: { phase: "interrupted", title: "stsb.tsv", model: "demo", target: undefined },
    error: {
      phase: "error",
      title: "pairs.csv",
      kind: "user",
      message: 'pairs.csv, line 12: the score "high" is not a number.',
      remedy: "Mend the line, or take it out.",
    },
  };
});

afterAll(async () => browser.close());

const scatter = (view: View) => view.page.getByRole("slider", { name: /^Pairs of sentences/ });

describe("the view of pairs", () => {
  test("walks the points by keys, and shows each with its sentences", async () => {
    const view = await View.open(browser, files);
    await view.show(states.done);
    await scatter(view).press("End");
    await view.settle();
    const highest = Math.max(...document.pairs.map(({ score }) => score));
    const chosen = Number(await scatter(view).getAttribute("aria-valuenow")) - 1;
    expect(document.pairs[chosen].score).toBe(highest);
    expect(await view.page.locator("dl.sentences dd").allInnerTexts()).toEqual([
      document.pairs[chosen].a,
      document.pairs[chosen].b,
    ]);
    await view.page.getByRole("button", { name: "Compare these two" }).click();
    expect((await view.posted<FromPairsView>()).at(-1)).toEqual({ type: "compare", pair: chosen });
    expect(view.problems).toEqual([]);
    await view.close();
  });

  test("takes the point under the pointer", async () => {
    const view = await View.open(browser, files);
    await view.show(states.done);
    const dot = view.page.locator("svg.scatter .dot:not(.chosen)").nth(4);
    const box = await dot.boundingBox();
    if (!box) throw new Error("There is no fifth point.");
    await view.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await view.settle();
    expect(await view.page.locator("#pair-title").textContent()).toBe("Pair 5");
    await view.close();
  });

  test("is by contrast, and by the paper's measure where that is chosen or all there is", async () => {
    const view = await View.open(browser, files);
    await view.show(states.done);
    const finding = () => view.page.locator(".rho .finding").textContent();
    expect(await finding()).toBe(rhoFinding(document, true));
    expect(await scatter(view).getAttribute("aria-valuetext")).toContain("contrast relevance");
    await view.page.getByRole("combobox", { name: "Measure of likeness" }).click();
    await view.page.getByRole("option", { name: "Relevance", exact: true }).click();
    await view.settle();
    expect(await finding()).toBe(rhoFinding(document, false));
    expect(await scatter(view).getAttribute("aria-valuetext")).not.toContain("contrast relevance");
    await view.show(states["without-contrast"]);
    expect(await view.page.getByRole("combobox", { name: "Measure of likeness" }).count()).toBe(0);
    await view.close();
  });

  test("stands beside hidden states and words, by keys and as a table", async () => {
    const view = await View.open(browser, files);
    await view.show(states.done);
    const chart = view.page.getByRole("slider", { name: /^Agreement by what tells/ });
    expect(await chart.getAttribute("aria-valuetext")).toMatch(/^Contrast relevance: agreement .* given tf-idf /);
    await chart.press("ArrowDown");
    await chart.press("ArrowDown");
    await view.settle();
    expect(await chart.getAttribute("aria-valuetext")).toMatch(/^Hidden states: agreement /);
    await view.page.getByRole("switch", { name: "Beside hidden states and words as a table" }).click();
    const rows = view.page.getByRole("region", { name: "What follows the human scores" }).locator("tbody tr");
    expect(await rows.locator("th").allTextContents()).toEqual(standingsOf(document).map(({ name }) => name));
    await view.close();
  });

  test("opens a result of an earlier version, which has no such figures", async () => {
    const none = { hiddenSpearman: undefined, words: undefined, seed: undefined, resamples: undefined };
    const plain = ({ deep, interval, layers, intervals }: PairsDocument["spearman"]) => ({
      deep,
      interval,
      layers,
      intervals,
    });
    const earlier: PairsDocument = {
      ...document,
      ...none,
      pairs: document.pairs.map(({ a, b, score, relevance, similarity, contrast }) => ({
        a,
        b,
        score,
        relevance,
        similarity,
        contrast,
      })),
      spearman: plain(document.spearman),
      contrastSpearman: document.contrastSpearman && plain(document.contrastSpearman),
    };
    expect(await parseDocument(JSON.stringify(earlier), "earlier")).toEqual(earlier);
    const view = await View.open(browser, files);
    await view.show({ phase: "done", title: "stsb.tsv", saved: true, document: earlier });
    expect(await view.page.locator(".rho .finding").textContent()).toContain("which flatters it");
    expect(view.problems).toEqual([]);
    await view.close();
  });

  test("writes its tables and pictures", async () => {
    const view = await View.open(browser, files);
    await view.show(states.done);
    await view.page.getByRole("button", { name: "Export" }).click();
    await view.settle();
    await view.page.getByRole("button", { name: "CSV" }).click();
    await view.page.getByRole("button", { name: "SVG" }).click();
    const [table, picture] = (await view.posted<FromPairsView>()).slice(-2);
    if (table.type !== "export" || picture.type !== "export") throw new Error("Nothing was exported.");
    expect(table.content.split("\r\n")).toHaveLength(1 + 30 + 1);
    expect(picture.content.match(/<circle/g)?.length).toBe(30);
    await view.close();
  });
});

test.each(looks(1000, 480))(
  "pictures of all states in $theme, $width pixels wide, and axe-core on each",
  async ({ theme, width }) => {
    const view = await View.open(browser, files, { theme, width });
    const { found, lookAtAll } = view.lookout(folder, `${theme}-${width}`);
    await lookAtAll(states);
    expect(found).toEqual([]);
    expect(view.problems).toEqual([]);
    await view.close();
  },
);
