import { beforeAll, expect, test } from "vitest";
import { withoutTemplate } from "../../src/format/comparison";
import type { ComparisonDocument } from "../../src/engine/document/document";
import { formatNumber, formatShare } from "../../src/format/numbers";
import type { ComparisonState, FromComparisonView } from "../../src/pages/comparison";
import { allStates, compared, done } from "./harness/comparison-states";
import type { View } from "./harness/harness";
import { viewOfEachTest } from "./harness/harness";

let document: ComparisonDocument;
let states: Record<string, ComparisonState>;
let view: View;

const opened = viewOfEachTest("comparison", (each) => (view = each));

beforeAll(() => {
  document = compared("--text", "A haiku about rain.", "--text", "A limerick about rain.");
  states = allStates(document, compared("samples/fiction", "samples/math"), document, document);
});

const posted = async () => await view.posted<FromComparisonView>();
const button = (name: string) => view.page.getByRole("button", { name, exact: true });
const curves = () => view.page.getByRole("slider", { name: /by layer/ });
const beginnings = async () => await view.page.locator("h1 .beginning").allInnerTexts();

test("the buttons of every state say what is wanted", async () => {
  const wanted: [string, string, object][] = [
    ["empty", "Compare two results", { type: "compareResults" }],
    ["streaming", "Cancel", { type: "cancel" }],
    ["cancelled", "Try again", { type: "tryAgain" }],
    ["interrupted", "Run again", { type: "tryAgain" }],
    ["crash", "Show log", { type: "showLog" }],
    ["done", "Save", { type: "save" }],
  ];
  for (const [state, name, message] of wanted) {
    await view.show(states[state]);
    await button(name).click();
    expect((await posted()).at(-1)).toEqual(message);
  }
});

test("layers arrive one by one, and stand where the finished view has them", async () => {
  const running = states.queued;
  if (running.phase !== "running") throw new Error("It is not running.");
  await view.show({ ...running, progress: { phase: "backward", done: 0, layers: 12, share: 0.3 } });
  await view.send({ type: "layer", layer: { layer: 11, similarity: 0.5, overlap: 0.25 } });
  await curves().press("End");
  await view.settle();
  expect(await curves().getAttribute("aria-valuetext")).toBe("Layer 11: similarity 0.5, overlap 0.25");
  await curves().press("Home");
  await view.settle();
  expect(await curves().getAttribute("aria-valuetext")).toBe("Layer 0: not there yet");
  expect(await view.page.locator("svg.lines circle").count()).toBe(2);
});

test("what is run first for the yardstick is said", async () => {
  await view.show(states.unrelated);
  expect(await view.page.getByRole("status").textContent()).toContain(
    "Measuring unrelated texts, once for this model: scoring weights, layer 3 of 12",
  );
});

test("arrow keys say the values of every layer, the table has the same", async () => {
  await view.show(states.done);
  await curves().press("ArrowRight");
  await view.settle();
  const [, second] = document.layers;
  expect(await curves().getAttribute("aria-valuetext")).toBe(
    `Layer 1: similarity ${formatNumber(second.similarity)}, contrast ${formatNumber(second.contrast ?? 0)}, overlap ${formatNumber(second.overlap)}`,
  );
  await view.page.getByRole("switch", { name: "Layers as a table" }).click();
  await view.settle();
  const cells = await view.page.locator(".curves tbody tr").nth(1).locator("th, td").allInnerTexts();
  expect(cells.slice(0, 2)).toEqual(["1", formatNumber(second.similarity)]);
});

test("Swap gives B the place of A everywhere, also after a reload", async () => {
  await view.show(states.done);
  const texts = [document.a, document.b].map(({ samples }) => withoutTemplate(samples[0].text, document.template));
  expect(await beginnings()).toEqual(texts);
  await button("Swap").click();
  await view.settle();
  expect(await beginnings()).toEqual([...texts].reverse());
  await button("Save").click();
  expect((await posted()).slice(-2)).toEqual([{ type: "chooseSides", swapped: true }, { type: "save" }]);
  await view.page.locator("#a-token-3").click();
  const { start, end } = document.b.samples[0].tokens[3];
  expect((await posted()).at(-1)).toEqual({ type: "reveal", side: "a", sample: 0, start, end });
  await view.reload();
  await view.show(states.done);
  expect(await beginnings()).toEqual([...texts].reverse());
  // the extension may have been loaded anew, too
  expect((await posted()).at(-1)).toEqual({ type: "chooseSides", swapped: true });
});

test("a place where they part opens its matrix, Escape goes back to its cell", async () => {
  await view.show(states.done);
  const place = view.page.locator(".parts button").first();
  const name = (await place.textContent()) ?? "";
  await place.click();
  await view.settle();
  expect(await view.page.locator("#matrix-title").textContent()).toBe(name.replace(/ (\S+)$/, " · $1"));
  expect(await view.page.evaluate("document.activeElement.id")).toBe("matrix-title");
  await view.page.keyboard.press("Escape");
  await view.settle();
  expect(await view.page.locator("#matrices-a-cell").textContent()).toContain(`${name}: ×`);
});

test("heads stand side by side and are walked by keys", async () => {
  await view.show(states.done);
  await view.page.getByRole("application", { name: "Matrices of B" }).press("Enter");
  await view.settle();
  const heads = view.page.getByRole("slider", { name: /^Heads of layer 0 q/ });
  await heads.press("End");
  await view.settle();
  const [first] = document.layers[0].modules;
  expect(await heads.getAttribute("aria-valuetext")).toMatch(new RegExp(`^Head ${first.heads.length - 1}: A \\d`));
  expect(await view.page.locator("svg.pairs .outline").count()).toBe(first.heads.length);
});

test("A and B are heat maps side by side, which keys walk together", async () => {
  const [a, b] = ["a", "b"].map((side) => view.page.locator(`#matrices-${side}-cell`));
  await view.show(states["without-yardstick"]);
  expect(await a.textContent()).toMatch(/^Layer 0 q: mean activation /);
  await view.show(states.done);
  await view.page.getByRole("application", { name: "Matrices of A" }).press("ArrowRight");
  await view.settle();
  const [{ modules }] = document.layers;
  const means = (side: "a" | "b") => `mean activation ${formatNumber(modules[1][side] / modules[1].parameters)}`;
  expect(await a.textContent()).toMatch(/^Layer 0 k: ×\d+\.\d\d of the share that unrelated texts have there; /);
  expect(await a.textContent()).toContain(means("a"));
  expect(await b.textContent()).toContain(means("b"));
  await view.page.getByRole("combobox", { name: "Measure of the heat map" }).click();
  await view.page.getByRole("option", { name: "A and B, mean activation" }).click();
  await view.settle();
  expect(await view.page.locator(".matrices .legend").innerText()).toContain("A and B on one scale");
  await view.page.getByRole("combobox", { name: "Measure of the heat map" }).click();
  await view.page.getByRole("option", { name: "Similarity" }).click();
  await view.settle();
  // from less to more
  expect((await view.page.locator(".matrices .legend").innerText()).replace(/\s+/g, " ")).toMatch(
    /^0\.\d+ least alike 1 alike similarity$/,
  );
});

test("what the other text has not is framed, and where the two part is said", async () => {
  await view.show(states.done);
  const framed = async (side: string) =>
    (await view.page.locator(`.text-${side} .token.changed`).allInnerTexts()).join("").trim();
  expect(await framed("a")).toBe("haiku");
  expect(await framed("b")).toBe("limerick");
  const said = (await view.page.locator(".finding", { hasText: "Framed is" }).innerText()).replace(/\s+/g, " ");
  expect(said).toMatch(
    /1 of \d+ words of A, 1 of \d+ of B\. The first \d+ tokens are the same; then A has " ha" and B " lim"\.$/,
  );
  await view.show({ phase: "done", title: "same", document: { ...document, b: document.a }, saved: false });
  expect(await view.page.locator(".token.changed").count()).toBe(0);
  expect(await view.page.getByText("Both are the same, letter for letter.").count()).toBe(1);
});

test("next tokens stand side by side with both shares, also after a swap", async () => {
  await view.show(states.done);
  const chart = view.page.getByRole("slider", { name: "The likeliest next tokens after A and after B" });
  await chart.press("ArrowDown");
  await view.settle();
  const second = document.next?.at(1);
  expect(second).toMatchObject({ a: expect.any(Number) as number, b: expect.any(Number) as number });
  const both = [second?.a, second?.b].map((share) => formatShare(share ?? 0));
  expect(await chart.getAttribute("aria-valuetext")).toMatch(new RegExp(`: A ${both[0]}, B ${both[1]}$`));
  await button("Swap").click();
  await view.settle();
  expect(await chart.getAttribute("aria-valuetext")).toMatch(new RegExp(`: A ${both[1]}, B ${both[0]}$`));
  // of a result of an earlier version what is not told of one side is below what is
  const [first] = document.b.samples[0].nextTokens;
  const others = document.b.samples[0].nextTokens.slice(1);
  const b = {
    ...document.b,
    samples: [{ ...document.b.samples[0], nextTokens: [{ ...first, id: -1, text: " ode" }, ...others] }],
  };
  await view.show({ phase: "done", title: "earlier", document: { ...document, b, next: undefined }, saved: true });
  await view.page.getByRole("switch", { name: "Next token as a table" }).click();
  await view.settle();
  expect(await view.page.locator(".next tr", { hasText: '" ode"' }).innerText()).toContain("less than");
});

test("what causes that they part is a click away, where both have equally many tokens", async () => {
  await view.show(states.done);
  expect(document.a.samples[0].tokens).toHaveLength(document.b.samples[0].tokens.length);
  await button("Patch A into B").click();
  expect((await posted()).at(-1)).toEqual({ type: "patch", a: 0, b: 0 });
  const shorter = { ...document.b.samples[0], tokens: document.b.samples[0].tokens.slice(1) };
  await view.show(done({ ...document, b: { ...document.b, samples: [shorter] } }));
  expect(await button("Patch A into B").count()).toBe(0);
  expect(await view.page.locator(".parting .note").innerText()).toContain(
    `equally many tokens: A has ${shorter.tokens.length + 1}, B ${shorter.tokens.length}.`,
  );
});

test("two identical texts are said to part nowhere", async () => {
  const same = compared("--text", "The same.", "--text", "The same.");
  await view.show({ phase: "done", title: "same", document: same, saved: false });
  const text = (await view.page.locator(".parting").innerText()).replace(/\s+/g, " ");
  expect(text).toContain("Nowhere: the two are the same text, and every matrix is activated alike.");
  expect(text).toContain("The strongest tenth of the heads is the same in A and B.");
});

test("a sample of several is picked, and charts are exported", async () => {
  await view.show(states.files);
  await view.page.getByRole("combobox", { name: "Sample of A" }).click();
  await view.page.getByRole("option", { name: /letter\.txt$/ }).click();
  await view.page.locator("#a-token-4").click();
  expect((await posted()).at(-1)).toMatchObject({ type: "reveal", side: "a", sample: 1 });
  await button("Export").click();
  await view.settle();
  const sent = async (name: string) => {
    const before = (await posted()).length;
    await button(name).click();
    await view.page.waitForFunction(`window.posted.length > ${before}`);
    const message = (await posted()).at(-1);
    if (message?.type !== "export") throw new Error("Nothing was exported.");
    return message;
  };
  const svg = await sent("SVG");
  expect(svg.name).toBe("samples-fiction-and-samples-math-curves-85mm.svg");
  expect(svg.content).toContain("likeness by layer");
  expect((await sent("CSV")).content.split("\r\n")[0]).toBe("Layer,Similarity,Contrast,Overlap,Deep");
  const png = await sent("PNG");
  expect(Buffer.from(png.content, "base64").subarray(1, 4).toString()).toBe("PNG");
  await view.page.getByRole("combobox", { name: "Chart to export" }).click();
  await view.page.getByRole("option", { name: "Matrices" }).click();
  expect((await sent("SVG")).content).toContain("Layer 0 q");
  const json = await sent("JSON of the whole result");
  expect((JSON.parse(json.content) as ComparisonDocument).format).toBe("paramscope.comparison");
});

test("the bundle is small", () => {
  expect(opened().files.script.length).toBeLessThan(300_000);
});
