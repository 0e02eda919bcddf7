import { mkdirSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ModelsDocument } from "../../src/engine/document/document";
import { measureNames, predictionsByMove, sampleName } from "../../src/format/models";
import {
  activationsFinding,
  headSentences,
  matricesSentence,
  othersSentence,
  changedLayersSentence,
} from "../../src/format/models-findings";
import { formatProbability, type NextShare, nextShares } from "../../src/format/compared-next";
import { quoted } from "../../src/format/model-words";
import { formatNumber } from "../../src/format/numbers";
import { readable } from "../../src/format/readable";
import type { CommonRequest, ResultState } from "../../src/pages/run";
import type { ModelCopy } from "../engine/support/model-copy";
import { changedLlama, changedModel } from "../engine/two-models/changed-model";
import { bundle, launch, View } from "./harness/harness";
import { commandLine } from "./harness/states";
import { looks } from "./harness/themes";

const folder = "dist/pictures/models";
let browser: Browser;
let files: { script: string; style: string };
let copy: ModelCopy;
let mixtureCopy: ModelCopy;
let document: ModelsDocument;
let states: Record<string, ResultState<ModelsDocument>>;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  [browser, files, copy, mixtureCopy] = await Promise.all([
    launch(),
    bundle("models"),
    changedLlama(),
    changedModel("olmoe"),
  ]);
  const compared = (...args: readonly string[]) => commandLine("compare", ...args) as ModelsDocument;
  const models = ["--model", "test/fixtures/llama", "--model-b", copy.path];
  document = compared("samples/math", "samples/fiction", "--window", "64", "--max-samples", "8", ...models);
  const done = (shown: ModelsDocument) =>
    ({ phase: "done", title: "llama.paramscope", document: shown, saved: true }) as const;
  states = {
    done: done(document),
    mixture: done(
      compared("samples/math", "--window", "64", "--model", "test/fixtures/olmoe", "--model-b", mixtureCopy.path),
    ),
    one: done(compared("--text", "The river rose in", ...models)),
    same: done(compared("--text", "The river rose in", "--model-b", "demo")),
    error: {
      phase: "error",
      title: "llama.paramscope",
      kind: "broken-file",
      message: "llama.paramscope is damaged at predictions[0].kl: expected a number.",
    },
  };
});

afterAll(async () => {
  await browser.close();
  await copy.remove();
  await mixtureCopy.remove();
});

const opened = (state: ResultState<ModelsDocument>) => View.showing(browser, files, state);

const finding = (view: View, section: string) => view.page.locator(`.${section} .finding`).textContent();

describe("the page of two models", () => {
  test("says in the words of the command what was changed, what of it is used, and what it did", async () => {
    const view = await opened(states.done);
    expect(await view.page.locator("main > .finding").allTextContents()).toEqual(headSentences(document));
    expect(await finding(view, "change")).toBe(changedLayersSentence(document));
    expect(await finding(view, "activations")).toBe(activationsFinding(document));
    expect(await finding(view, "tensors")).toBe(othersSentence(document));
    const facts = await view.page.locator(".facts").textContent();
    for (const fact of [`A ${document.model.name}`, `B ${document.modelB.name}`, "8 samples"])
      expect(facts).toContain(fact);
    expect(view.problems).toEqual([]);
    await view.close();
  });

  test("of a mixture has one column for all experts' matrices of one name, or those of one", async () => {
    const view = await opened(states.mixture);
    const { layers } = (states.mixture as Extract<ResultState<ModelsDocument>, { phase: "done" }>).document;
    const map = view.page.getByRole("application", { name: /^Matrices by layer/ });
    const cell = view.page.locator("#matrices-cell");
    const change = (modules: (typeof layers)[number]["modules"]): string =>
      formatNumber(Math.hypot(...modules.map((m) => m.changeNorm)) / Math.hypot(...modules.map((m) => m.norm)));
    for (const key of ["ArrowDown", "End"]) await map.press(key);
    await view.settle();
    const experts = layers[1].modules.filter(({ name }) => /experts\.\d+\.down_proj/.test(name));
    expect(await cell.textContent()).toContain(`Layer 1 down ×${experts.length}: relative change ${change(experts)}; `);
    await view.page.getByRole("combobox", { name: "Experts of the heat map" }).click();
    await view.page.getByRole("option", { name: "expert 3", exact: true }).click();
    await view.settle();
    const third = experts.filter(({ name }) => name.includes(".3."));
    expect(await cell.textContent()).toContain(`Layer 1 expert 3 down: relative change ${change(third)}; `);
    expect(view.problems).toEqual([]);
    await view.close();
  });

  test("colours matrices by how much was changed, how much that counts, or how alike they activate", async () => {
    const view = await opened(states.done);
    const map = view.page.getByRole("application", { name: /^Matrices by layer/ });
    expect(await finding(view, "matrices")).toBe(matricesSentence(document, "change"));
    for (const key of ["Home", "ArrowDown", "ArrowDown"]) await map.press(key);
    await view.settle();
    const [module] = document.layers[2].modules;
    expect(await view.page.locator("#matrices-cell").textContent()).toBe(
      `Layer 2 q: relative change ${formatNumber(module.relative ?? 0)}; what was changed counts ${formatNumber(module.usage ?? 0)} times; ` +
        `similarity ${formatNumber(module.similarity)}, overlap ${formatNumber(module.overlap)}`,
    );
    for (const measure of ["usage", "mean", "similarity"] as const) {
      await view.page.getByRole("combobox", { name: "Measure of the heat map" }).click();
      await view.page.getByRole("option", { name: measureNames[measure] }).click();
      await view.settle();
      expect(await finding(view, "matrices")).toBe(matricesSentence(document, measure));
    }
    expect(view.problems).toEqual([]);
    await view.close();
  });

  test("walks the samples, those whose answer moved most first, with what both find likeliest", async () => {
    const view = await opened(states.done);
    const bars = view.page.getByRole("listbox", { name: /^Divergence of the next token/ });
    await bars.press("ArrowDown");
    await view.settle();
    const [, { index, sample, prediction }] = predictionsByMove(document);
    const chart = view.page.getByRole("slider", {
      name: `The likeliest next tokens after ${sampleName(document, index)}, of A and of B`,
    });
    const shares = nextShares(sample.nextTokens, prediction.b.nextTokens, prediction.next);
    const said = ({ text, a, b }: NextShare) => `${quoted(text)}: A ${formatProbability(a)}, B ${formatProbability(b)}`;
    expect(await chart.getAttribute("aria-valuetext")).toBe(readable(said(shares[0])));
    await chart.press("End");
    await view.settle();
    expect(await chart.getAttribute("aria-valuetext")).toBe(readable(said(shares[shares.length - 1])));
    expect(await bars.getByRole("option").count()).toBe(8);
    await view.close();
  });

  test("shows every chart as a table, and exports it", async () => {
    const view = await opened(states.done);
    await view.page.getByRole("button", { name: "Export" }).click();
    await view.settle();
    for (const format of ["SVG", "CSV", "JSON of the whole result"])
      await view.page.getByRole("button", { name: format }).click();
    for (const [name, rows] of [
      ["change", 6],
      ["matrices", 42],
      ["activations", 6],
      ["predictions", 8],
    ] as const) {
      await view.page.locator(`.${name} > header vscode-toolbar-button`).click();
      await view.settle();
      expect(await view.page.locator(`.${name} tbody tr`).count()).toBe(rows);
    }
    const exported = (await view.posted<CommonRequest>()).flatMap((message) =>
      message.type === "export" ? [message.content] : [],
    );
    expect(exported[0]).toContain("relative change by layer");
    expect(exported[1].split("\r\n")).toHaveLength(1 + 6 + 1);
    expect(JSON.parse(exported[2])).toEqual(document);
    await view.close();
  });

  test("of one model says that there is nothing to tell apart", async () => {
    const view = await opened(states.same);
    expect(await view.page.locator("main > .finding").first().textContent()).toContain(
      "are the same model, by identity",
    );
    expect(view.problems).toEqual([]);
    await view.close();
  });
});

test.each(looks(1000, 420))(
  "every state can be used by everyone, in $theme, $width pixels wide",
  async ({ theme, width }) => {
    const view = await View.open(browser, files, { theme, width });
    const { found, lookAtAll, lookAtTables } = view.lookout(folder, `${theme}-${width}`);
    await lookAtAll(states);
    await lookAtTables(states.done);
    expect(found).toEqual([]);
    await view.close();
  },
);
