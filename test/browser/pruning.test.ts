import { mkdirSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PruningDocument } from "../../src/engine/document/document";
import { formatDensity } from "../../src/format/numbers";
import { agreementSentence, perplexitySentence } from "../../src/format/pruning";
import type { FromPruningView, PruningState } from "../../src/pages/pruning";
import { bundle, launch, View } from "./harness/harness";
import { pruned, withCurve } from "./harness/pruning-states";
import { looks } from "./harness/themes";

const folder = "dist/pictures/pruning";
let browser: Browser;
let files: { script: string; style: string };
let document: PruningDocument;
let states: Record<string, PruningState>;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  [browser, files] = await Promise.all([launch(), bundle("pruning")]);
  document = withCurve(
    pruned(
      "samples/fiction",
      "--evaluate",
      "samples/fiction/harbour.txt",
      "--windows",
      "3",
      "--prompt",
      "The town was",
    ),
  );
  const done = (shown: PruningDocument, saved = true) =>
    ({ phase: "done", title: "fiction.paramscope", document: shown, saved }) as const;
  states = {
    empty: { phase: "empty" },
    done: done(document),
    live: done(document, false),
    pattern: done(pruned("samples/fiction", "--pattern", "2:4")),
    mixture: done(pruned("samples/fiction", "--model", "test/fixtures/qwen3_moe")),
    magnitude: done(pruned("--criterion", "magnitude", "--allocation", "uniform", "--sparsity", "0.3")),
    error: {
      phase: "error",
      title: "fiction.paramscope",
      kind: "broken-file",
      message: "fiction.paramscope is no Paramscope result.",
    },
  };
});

afterAll(async () => browser.close());

const opened = (state: PruningState) => View.showing(browser, files, state);

test("is opened in the preview, to be run again", async () => {
  const view = await opened(states.done);
  await view.page.getByRole("button", { name: "Open in compression preview" }).click();
  expect((await view.posted<FromPruningView>()).at(-1)).toEqual({ type: "openInPreview" });
  await view.close();
});

const finding = (view: View, section: string) => view.page.locator(`.${section} .finding`).textContent();

describe("the page of a pruning", () => {
  test("says in the figures of the document what goes and what that costs", async () => {
    const view = await opened(states.done);
    const { perplexity, continuation, layers } = document;
    if (!perplexity || !continuation) throw new Error("nothing was evaluated");
    const said = await view.page.locator("main > .finding").allTextContents();
    expect(said).toEqual(expect.arrayContaining([perplexitySentence(perplexity), agreementSentence(perplexity)]));
    expect(await view.page.locator(".continuation dd").allTextContents()).toEqual(Object.values(continuation));
    const least = Math.min(...layers.map(({ sparsity }) => sparsity));
    expect(await finding(view, "layers")).toContain(`loses ${(100 * least).toFixed(1)} % of its weights`);
    const lost = layers.flatMap(({ modules }) => modules.map(({ kept, dense }) => 1 - kept / dense));
    expect(await finding(view, "matrices")).toContain(`loses most, ${(100 * Math.max(...lost)).toFixed(1)} %`);
    expect(view.problems).toEqual([]);
    await view.close();
  });

  test("draws what goes as long as the figure beside it, and sparsities as the preview's slider writes them", async () => {
    const view = await opened(states.done);
    const chart = view.page.locator('[data-chart="layers-chart"]');
    const width = async (kind: string, layer: number) =>
      Number(await chart.locator(`.bar .${kind}`).nth(layer).getAttribute("width"));
    for (const [layer, { sparsity }] of document.layers.entries()) {
      const [goes, stays] = [await width("fill", layer), await width("rest", layer)];
      expect(goes / (goes + stays)).toBeCloseTo(sparsity, 2);
    }
    const keys = await view.page.locator(".section.layers .key").allTextContents();
    expect(keys.slice(0, 2)).toEqual(["goes", "stays"]);
    const ticks = await view.page.locator('[data-chart="curve-chart"] text').allTextContents();
    expect(ticks).toEqual(expect.arrayContaining(["10 %", "80 %", "sparsity"]));
    await view.close();
  });

  test("of a mixture has one column for all experts' matrices of one name, or those of one", async () => {
    const view = await opened(states.mixture);
    const { layers } = (states.mixture as Extract<PruningState, { phase: "done" }>).document;
    const map = view.page.getByRole("application", { name: /^Matrices after pruning/ });
    const lost = (modules: (typeof layers)[number]["modules"]): string => {
      const total = (of: "kept" | "dense"): number => modules.reduce((sum, module) => sum + module[of], 0);
      return formatDensity(1 - total("kept") / total("dense"));
    };
    for (let i = 0; i < 5; i++) await map.press("ArrowRight");
    await view.settle();
    const gates = layers[0].modules.filter(({ name }) => /experts\.\d+\.gate_proj/.test(name));
    const cell = view.page.locator("#matrices-cell");
    expect(await cell.textContent()).toBe(`Layer 0 gate ×16: ${lost(gates)} of its weights' size`);
    await view.page.getByRole("combobox", { name: "Experts of the heat map" }).click();
    await view.page.getByRole("option", { name: "expert 3", exact: true }).click();
    await view.settle();
    const third = gates.filter(({ name }) => name.includes(".3."));
    expect(await cell.textContent()).toBe(`Layer 0 expert 3 gate: ${lost(third)} of its weights' size`);
    expect(view.problems).toEqual([]);
    await view.close();
  });

  test("a layer is walked to by keys, and opened in the heat map", async () => {
    const view = await opened(states.done);
    const bars = view.page.getByRole("listbox");
    for (const key of ["ArrowDown", "ArrowDown"]) await bars.press(key);
    await bars.press("Enter");
    await view.settle();
    expect(await view.page.evaluate("document.activeElement.id")).toBe("matrices-title");
    expect(await view.page.locator("#matrices-cell").textContent()).toMatch(/^Layer 2 q: /);
    const curve = view.page.getByRole("slider", { name: /^Perplexity by sparsity/ });
    await curve.press("End");
    await view.settle();
    expect(await curve.getAttribute("aria-valuetext")).toMatch(
      /^80 %: magnitude [\d.]+, [\d.]+ × dense \([\d.]+ to [\d.]+\); Wanda .*; dense [\d.]+$/,
    );
    await view.close();
  });

  test("shows every chart as a table, and exports it", async () => {
    const view = await opened(states.live);
    for (const [name, rows] of [
      ["layers", document.layers.length],
      ["matrices", document.layers.flatMap(({ modules }) => modules).length],
      ["curve", document.curve.length],
    ] as const) {
      await view.page.locator(`.${name} vscode-toolbar-button`).click();
      await view.settle();
      expect(await view.page.locator(`.${name} tbody tr`).count()).toBe(rows);
    }
    await view.page.locator(".layers vscode-toolbar-button").first().click();
    await view.page.getByRole("button", { name: "Export" }).click();
    await view.settle();
    for (const name of ["SVG", "CSV", "JSON of the whole result", "Save"])
      await view.page.getByRole("button", { name }).click();
    const posted = await view.posted<FromPruningView>();
    const exported = posted.flatMap((message) => (message.type === "export" ? [message.content] : []));
    expect(exported[0]).toContain("rgb(209 134 22)");
    expect(exported[0]).not.toContain("color(srgb");
    expect(exported[1].split("\r\n")).toHaveLength(1 + document.layers.length + 1);
    expect(JSON.parse(exported[2])).toEqual(document);
    expect(posted.at(-1)).toEqual({ type: "save" });
    await view.close();
  });
});

test.each(looks(1000, 300))(
  "every state can be used by everyone, in $theme, $width pixels wide",
  async ({ theme, width }) => {
    const view = await View.open(browser, files, { theme, width });
    const { found, lookAtAll } = view.lookout(folder, `${theme}-${width}`);
    await lookAtAll(states);
    expect(found).toEqual([]);
    await view.close();
  },
);
