import { mkdirSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DomainsDocument } from "../../src/engine/document/document";
import { domainsLayers, domainsSentences, isTold, overlapInWords, pairOf } from "../../src/format/domains";
import { formatNumber } from "../../src/format/numbers";
import { median } from "../../src/engine/numbers/statistics";
import type { DomainsState, FromDomainsView } from "../../src/pages/domains";
import { bundle, launch, View } from "./harness/harness";
import { commandLine } from "./harness/states";
import { looks } from "./harness/themes";

const folder = "dist/pictures/domains";
let browser: Browser;
let files: { script: string; style: string };
let document: DomainsDocument;
let states: Record<string, DomainsState>;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  [browser, files] = await Promise.all([launch(), bundle("domains")]);
  const compared = (names: readonly string[], ...options: string[]) =>
    commandLine("domains", ...names.map((name) => `samples/${name}`), "--window", "32", ...options) as DomainsDocument;
  document = compared(["fiction", "math", "code-python", "news"]);
  const two = compared(["french", "german"], "--no-contrast");
  const many = compared(["fiction", "math", "news", "dialogue", "french", "german", "science", "spanish"]);
  const done = (shown: DomainsDocument) =>
    ({ phase: "done", title: "domains.paramscope", document: shown, saved: true }) as const;
  const folders = document.domains.map(({ name, texts }) => ({ name, texts: texts + 1 }));
  const about = { title: "fiction, math, code-python and news", domains: folders };
  const running = { ...about, phase: "running", model: "demo" } as const;
  const streamed = domainsLayers(document)
    .slice(5)
    .reverse()
    .map(({ layer, medians }) => ({ layer, ...medians }));
  states = {
    empty: { phase: "empty" },
    queued: { ...running, progress: { phase: "queued", done: 0, layers: 0, share: 0 }, layers: [] },
    streaming: {
      ...running,
      progress: { phase: "backward", done: 7, layers: 12, share: 0.62, secondsLeft: 4 },
      layers: streamed,
    },
    cancelled: { ...about, phase: "cancelled", layers: streamed, layerCount: 12 },
    interrupted: { phase: "interrupted", title: about.title, model: "demo", target: undefined },
    refused: {
      phase: "error",
      title: "speeches and math",
      kind: "user",
      message: "speeches has one text, and texts within a domain are compared with each other.",
      remedy: "Put at least two texts into each folder.",
    },
    live: {
      phase: "done",
      title: about.title,
      document: { ...document, run: { ...document.run, notes: ["The last of 4 texts of fiction was left out."] } },
      saved: false,
    },
    done: done(document),
    two: done(two),
    many: done(many),
    "without-memory": done({ ...document, density: null, neurons: null, overlaps: null }),
    error: {
      phase: "error",
      title: "broken.paramscope",
      kind: "broken-file",
      message: "broken.paramscope is damaged at pairs.",
      remedy: "Make it again with paramscope domains.",
    },
  };
});

afterAll(async () => browser.close());

const boxes = (view: View) => view.page.getByRole("slider", { name: /within and across domains by layer/ });
const heatMap = (view: View) => view.page.getByRole("application", { name: /^Domains by domains/ });
const shownLayer = (view: View) => view.page.getByRole("slider", { name: "Layers", exact: true });

const opened = (state: DomainsState) => View.showing(browser, files, state);

async function chooseContrast(view: View): Promise<void> {
  await view.page.getByRole("combobox", { name: "Measure of likeness, layers" }).click();
  await view.page.getByRole("option", { name: "Contrast" }).click();
  await view.settle();
}

describe("the view of domains", () => {
  test("says what they come to, and has two boxes for each layer", async () => {
    const view = await opened(states.done);
    const sentence = domainsSentences(document).join(" ");
    expect(await view.page.locator("main > .finding").textContent()).toBe(sentence);
    expect(await view.page.locator("svg.boxes .box").count()).toBe(2 * document.model.layers);
    await boxes(view).press("End");
    await view.settle();
    const last = domainsLayers(document).at(-1);
    expect(await boxes(view).getAttribute("aria-valuetext")).toContain(
      `median ${formatNumber(last?.medians.within ?? NaN)} within`,
    );
    expect(view.problems).toEqual([]);
    await view.close();
  });

  test("has its layers as they come, and can be saved once they are all there", async () => {
    const view = await opened(states.streaming);
    expect(await view.page.getByRole("status").textContent()).toBe("Scoring weights, layer 7 of 12 · 4 s left");
    await view.page.getByRole("slider", { name: /^Mean similarity/ }).press("Home");
    await view.settle();
    const described = () => view.page.getByRole("slider", { name: /^Mean similarity/ }).getAttribute("aria-valuetext");
    expect(await described()).toBe("Layer 0: not there yet");
    await view.page.getByRole("slider", { name: /^Mean similarity/ }).press("End");
    await view.settle();
    expect(await described()).toMatch(/^Layer 11: within a domain 0\.\d+, across domains 0\.\d+$/);
    await view.page.getByRole("button", { name: "Cancel" }).click();
    await view.show(states.live);
    await view.page.getByRole("button", { name: "Save" }).click();
    expect(await view.posted<FromDomainsView>()).toEqual([{ type: "ready" }, { type: "cancel" }, { type: "save" }]);
    expect(view.problems).toEqual([]);
    await view.close();
  });

  test("marks the layers in which the difference is more than chance", async () => {
    const view = await opened(states.done);
    const told = domainsLayers(document).filter(isTold).length;
    const marks = await view.page.locator("svg.boxes text:not(.label)").allTextContents();
    expect(marks.filter((mark) => mark.startsWith("*"))).toHaveLength(told);
    await view.close();
  });

  test("shows the deep layers, then any one by the slider", async () => {
    const view = await opened(states.done);
    await heatMap(view).press("ArrowRight");
    await view.settle();
    const pair = pairOf(document.pairs, "fiction", "math");
    const readout = () => view.page.locator("#domains-cell").textContent();
    expect(await readout()).toBe(`fiction and math: relevance ${formatNumber(pair?.relevance ?? NaN)}`);
    await shownLayer(view).press("End");
    await view.settle();
    const layer = document.model.layers - 1;
    expect(await shownLayer(view).getAttribute("aria-valuetext")).toBe(`layer ${layer}`);
    expect(await readout()).toBe(
      `fiction and math: median similarity in layer ${layer} ${formatNumber(median(pair?.similarity[layer] ?? []))}`,
    );
    await view.close();
  });

  test("is by contrast everywhere where that is chosen, also after a reload", async () => {
    const view = await opened(states.done);
    await chooseContrast(view);
    await view.reload();
    await view.show(states.done);
    const [first] = domainsLayers(document, "contrast");
    expect(await boxes(view).getAttribute("aria-valuetext")).toContain(`median ${formatNumber(first.medians.within)}`);
    const own = pairOf(document.pairs, "fiction", "fiction")?.contrastRelevance;
    expect(await view.page.locator("#domains-cell").textContent()).toBe(
      `Two texts of fiction: contrast relevance ${formatNumber(own ?? NaN)}`,
    );
    await view.close();
  });

  test("opens the neurons of two domains from their cell", async () => {
    const view = await opened(states.done);
    for (const key of ["ArrowDown", "End", "Enter"]) await heatMap(view).press(key);
    await view.settle();
    expect(await view.page.locator(".neurons header .note").textContent()).toBe("A is math, B is news");
    expect(await view.page.evaluate("document.activeElement.id")).toBe("neurons-title");
    const neurons = document.neurons?.find(({ a, b }) => a === "math" && b === "news")?.neurons ?? [];
    await view.page.getByRole("switch", { name: /^Neurons .* as a table$/ }).click();
    await view.settle();
    const rows = await view.page.locator(".neurons tbody tr").allInnerTexts();
    expect(rows.map((row) => row.split("\t").slice(0, 2).map(Number))).toEqual(
      neurons.map(({ layer, neuron }) => [layer, neuron]),
    );
    await view.close();
  });

  test("says what two domains share, of those whose neurons are shown", async () => {
    const view = await opened(states.done);
    for (const key of ["ArrowDown", "End", "Enter"]) await heatMap(view).press(key);
    await view.settle();
    const overlap = document.overlaps?.find(({ a, b }) => a === "math" && b === "news");
    if (!overlap) throw new Error("the run had no memory for what two domains share");
    expect(await view.page.locator(".overlap .finding").textContent()).toContain(
      overlapInWords(overlap, document.deep),
    );
    const alone = view.page
      .getByRole("table", { name: "Strongest weights in the top set of news only" })
      .locator("tbody tr");
    const [{ layer, module, row, column }] = overlap.strongestOfB;
    expect((await alone.first().innerText()).split("\t").slice(0, 4)).toEqual([layer, module, row, column].map(String));
    expect(await alone.count()).toBe(10);
    await view.close();
  });

  test("offers no contrast where there is none, and a heat map of densities where lines would be too many", async () => {
    const view = await opened(states.two);
    expect(await view.page.getByRole("combobox", { name: /^Measure of likeness/ }).count()).toBe(0);
    expect(await view.page.locator(".density svg.lines path.line").count()).toBe(2);
    await view.show(states.many);
    expect(await view.page.locator(".density canvas").count()).toBe(1);
    await view.show(states["without-memory"]);
    expect(await view.page.locator(".density, .neurons").allInnerTexts()).toEqual([
      expect.stringContaining("The run had no memory for the neurons of each domain."),
      expect.stringContaining("The run had no memory for the density of each domain."),
    ]);
    expect(view.problems).toEqual([]);
    await view.close();
  });

  test("exports every chart as a picture and a table", async () => {
    const view = await opened(states.done);
    await view.page.getByRole("button", { name: "Export" }).click();
    for (const name of ["Layers", "Domains", "Neurons", "Density"]) {
      await view.page.getByRole("combobox", { name: "Chart to export" }).click();
      await view.page.getByRole("option", { name, exact: true }).click();
      await view.settle();
      for (const format of ["SVG", "CSV"]) await view.page.getByRole("button", { name: format }).click();
    }
    const contents = (await view.posted<FromDomainsView>()).flatMap((message) =>
      message.type === "export" ? [message.content] : [],
    );
    const pictures = contents.filter((content) => content.startsWith("<svg"));
    expect(pictures.map((picture) => picture.includes("domains.paramscope · demo ·"))).toEqual(Array(4).fill(true));
    const { layers } = document.model;
    const tables = contents.filter((content) => !content.startsWith("<svg"));
    expect(tables.map((table) => table.trim().split("\r\n").length - 1)).toEqual([layers, 4, 10, layers]);
    await view.close();
  });
});

test.each(looks(1000, 480))(
  "pictures of all states in $theme, $width pixels wide, and axe-core on each",
  async ({ theme, width }) => {
    const view = await View.open(browser, files, { theme, width });
    const { found, look, lookAtAll } = view.lookout(folder, `${theme}-${width}`);
    await lookAtAll(states);
    await view.show(states.done);
    await chooseContrast(view);
    await view.page.getByRole("button", { name: "Export" }).click();
    await view.settle();
    await look("contrast");
    for (const toggle of await view.page.getByRole("switch", { name: /as a table$/ }).all()) await toggle.click();
    await view.settle();
    await look("tables");
    expect(found).toEqual([]);
    expect(view.problems).toEqual([]);
    await view.close();
  },
);
