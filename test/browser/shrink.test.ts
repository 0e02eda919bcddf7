import { mkdirSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ShrinkDocument } from "../../src/engine/document/document";
import { goneSentence, plannedRemovalSentence, shrinkCostSentences } from "../../src/format/shrink";
import type { FromShrinkView, ShrinkState } from "../../src/pages/shrink";
import { bundle, launch, View } from "./harness/harness";
import { commandLine } from "./harness/states";
import { looks } from "./harness/themes";

const folder = "dist/pictures/shrink";
let browser: Browser;
let files: { script: string; style: string };
let document: ShrinkDocument;
let heads: ShrinkDocument;
let states: Record<string, ShrinkState>;

const done = (shown: ShrinkDocument, saved = false) =>
  ({ phase: "done", title: "fiction", document: shown, saved }) as const;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  [browser, files] = await Promise.all([launch(), bundle("shrink")]);
  const removed = (...args: string[]) =>
    commandLine("shrink", "samples/fiction", "--window", "32", "--max-samples", "8", ...args) as ShrinkDocument;
  const measuring = ["--evaluate", "samples/science/yeast.txt", "--compare", "magnitude,random"];
  document = removed("--layers", "3", ...measuring);
  heads = removed("--heads", "25%");
  const running = { phase: "running", title: "fiction", model: "demo", layers: [] } as const;
  states = {
    empty: { phase: "empty" },
    running: { ...running, progress: { phase: "backward", done: 7, layers: 12, share: 0.6, secondsLeft: 3 } },
    cancelled: { phase: "cancelled", title: running.title, layers: [], layerCount: 12 },
    live: done(document),
    saved: done(document, true),
    heads: done(heads),
    curve: done(removed("--layers", "2", ...measuring, "--curve", "1,3,5")),
    error: {
      phase: "error",
      title: "fiction",
      kind: "user",
      message: "demo has no experts: its feed-forwards are no mixtures.",
      remedy: "Take out layers, neurons or heads.",
    },
  };
});

afterAll(async () => browser.close());

const opened = (state: ShrinkState) => View.showing(browser, files, state);

const asked = async (view: View) => (await view.posted<FromShrinkView>()).filter(({ type }) => type === "removeParts");
const layers = (count: number) => ({ kind: "count", count }) as const;

describe("the page of a model that lost parts", () => {
  test("says what went and what it costs, and of fewer layers which would go", async () => {
    const view = await opened(states.live);
    expect(await view.page.locator("main > .finding").first().innerText()).toContain(goneSentence(document));
    const costs = await view.page.locator(".costs li, .costs .finding").allInnerTexts();
    for (const sentence of shrinkCostSentences(document.evaluation!)) expect(costs.join(" ")).toContain(sentence);
    expect(await view.page.locator(".size .finding").count()).toBe(0);
    expect(await view.page.getByRole("button", { name: /^Remove / }).count()).toBe(0);
    const slider = view.page.getByRole("slider", { name: "Layers", exact: true });
    expect([await slider.getAttribute("min"), await slider.getAttribute("max")]).toEqual(["1", "11"]);
    // by keys, as without a mouse
    await slider.press("ArrowLeft");
    await view.settle();
    const planned = plannedRemovalSentence(document, { removed: 2, by: "activation" });
    expect(planned).toContain("would go");
    expect(await view.page.locator(".size .finding").innerText()).toBe(planned);
    await view.page.getByRole("button", { name: "Remove 2 of 12 layers" }).click();
    await slider.press("ArrowRight");
    await view.settle();
    expect(await view.page.locator(".size .finding").count()).toBe(0);
    expect(await asked(view)).toEqual([{ type: "removeParts", amount: layers(2), by: "activation", what: "remove" }]);
    expect(view.problems).toEqual([]);
    await view.close();
  });

  test("asks for costs and for files of what is chosen", async () => {
    const view = await opened(states.live);
    await view.page.getByRole("checkbox", { name: "Highest number" }).press("Space");
    await view.page.getByRole("button", { name: "Measure" }).click();
    await view.page.getByRole("combobox", { name: "Chosen by" }).click();
    await view.page.getByRole("option", { name: "Chance", exact: true }).click();
    await view.settle();
    await view.page.getByRole("button", { name: "Measure" }).click();
    await view.page.getByRole("button", { name: "Export folder…" }).click();
    await view.page.getByRole("button", { name: "Write GGUF file…" }).click();
    const measure = { type: "removeParts", amount: layers(3), what: "measure", on: "file", amounts: [] };
    const other = { type: "removeParts", amount: layers(3), by: "random" };
    expect(await asked(view)).toEqual([
      { ...measure, by: "activation", ways: ["magnitude", "last", "random"] },
      { ...measure, by: "random", ways: ["magnitude", "last"] },
      { ...other, what: "folder" },
      { ...other, what: "gguf" },
    ]);
    await view.close();
  });

  test("measures other amounts where that is asked for, and draws a line for each way", async () => {
    const view = await opened(states.live);
    await view.page.getByRole("combobox", { name: "Amounts to measure" }).click();
    await view.page.getByRole("option", { name: "Several up to twice it" }).click();
    await view.settle();
    await view.page.getByRole("button", { name: "Measure" }).click();
    expect((await asked(view)).at(-1)).toMatchObject({ amount: layers(3), amounts: [layers(2), layers(5), layers(6)] });
    await view.show(states.curve);
    const chart = view.page.getByRole("slider", { name: /^Divergence from the dense model by how much goes/ });
    expect(await view.page.locator(".line-chart .legend").first().innerText()).toMatch(
      /activation[^]*size of weights[^]*chance/,
    );
    await chart.focus();
    await view.page.keyboard.press("End");
    await view.settle();
    expect(await view.page.locator(".line-chart").innerText()).toMatch(/5 gone by activation: /);
    await view.close();
  });

  test("of units a share of each layer is asked for, and what comes back stands as it was made", async () => {
    const view = await opened(states.heads);
    // one of two is all that can go: there is nothing to slide
    expect(await view.page.getByRole("slider").count()).toBe(0);
    expect(await view.page.getByRole("option", { name: "Change of perplexity" }).count()).toBe(0);
    await view.page.getByRole("button", { name: "Export folder…" }).click();
    expect(await asked(view)).toEqual([
      { type: "removeParts", amount: { kind: "share", share: 0.5 }, by: "activation", what: "folder" },
    ]);
    const more = { ...heads, of: 8, most: 7, removed: 2 };
    await view.show(done(more));
    const slider = view.page.getByRole("slider", { name: "Heads", exact: true });
    expect(await slider.getAttribute("aria-valuetext")).toBe("2 of 8 (25 %) of each layer");
    await view.show(states.live);
    const now = view.page.getByRole("slider", { name: "Layers", exact: true });
    expect(await now.getAttribute("aria-valuetext")).toBe("3 of 12");
    await view.close();
  });

  test("of a GGUF file no other one is offered", async () => {
    const model = { ...document.model, path: "models/small.Q4_0.gguf" };
    const view = await opened(done({ ...document, model }));
    expect(await view.page.getByRole("button", { name: "Export folder…" }).count()).toBe(1);
    expect(await view.page.getByRole("button", { name: "Write GGUF file…" }).count()).toBe(0);
    await view.close();
  });
});

test.each(looks(1000, 420))(
  "every state can be used by everyone, in $theme, $width pixels wide",
  async ({ theme, width }) => {
    const view = await View.open(browser, files, { theme, width });
    const { found, look, lookAtAll, lookAtTables } = view.lookout(folder, `${theme}-${width}`);
    await lookAtAll(states);
    await lookAtTables(states.live);
    await view.show(states.live);
    await view.page.getByRole("slider", { name: "Layers", exact: true }).fill("5");
    await view.settle();
    await look("planned");
    expect(found).toEqual([]);
    await view.close();
  },
);
