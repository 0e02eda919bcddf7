import { beforeAll, expect, test } from "vitest";
import { atThreshold } from "../../src/engine/document/at-threshold";
import type { AnalysisDocument } from "../../src/engine/document/document";
import { quoted } from "../../src/format/model-words";
import { formatShare } from "../../src/format/numbers";
import { formatRatio, shortRatio } from "../../src/format/typical-findings";
import { parseDocument } from "../../src/kinds/parse-document";
import type { AnalysisState } from "../../src/pages/analysis";
import type { View } from "./harness/harness";
import { viewOfEachTest } from "./harness/harness";
import { allStates, analyzed, deepened, done } from "./harness/states";

let document: AnalysisDocument;
let states: Record<string, AnalysisState>;
let view: View;

const opened = viewOfEachTest("analysis", (each) => (view = each));

beforeAll(() => {
  document = analyzed("samples/fiction/harbour.txt");
  const explained = analyzed("samples/fiction/harbour.txt", "--target", "next-token:12");
  states = allStates(document, analyzed("samples/fiction", "samples/math"), document, explained, document);
});

const option = (name: RegExp) => view.page.getByRole("option", { name });
const button = (name: string) => view.page.getByRole("button", { name, exact: true });
const heatMap = () => view.page.getByRole("application");
const share = () => view.page.getByRole("textbox", { name: "Threshold, as a share of all weights" });
const density = () => view.page.getByRole("switch", { name: "Density of layers and matrices" });
const cell = async () => view.page.locator("#matrices-cell").textContent();

test("it says that it is ready, and draws nothing until it is told what", async () => {
  expect(await view.posted()).toEqual([{ type: "ready" }]);
  expect(await view.page.locator("main").textContent()).toBe("");
});

test("the buttons of every state say what is wanted", async () => {
  const wanted: [string, string, object][] = [
    ["empty", "Analyze the active file", { type: "analyzeActiveFile" }],
    ["empty", "Try a sample", { type: "trySample" }],
    ["streaming", "Cancel", { type: "cancel" }],
    ["cancelled", "Try again", { type: "tryAgain" }],
    ["crash", "Show log", { type: "showLog" }],
    ["model-missing", "Choose model", { type: "chooseModel" }],
    ["done", "Save", { type: "save" }],
  ];
  for (const [state, name, message] of wanted) {
    await view.show(states[state]);
    await button(name).click();
    expect((await view.posted()).at(-1)).toEqual(message);
  }
});

test("layers and matrices are shown beside typical texts, and density by itself is one click away", async () => {
  await view.show(states.unusual);
  const { typical, layers } = (states.unusual as Extract<AnalysisState, { phase: "done" }>).document;
  if (typical === undefined) throw new Error("Nothing is known of typical texts.");
  for (const [i, { layer }] of layers.entries())
    expect(
      await option(new RegExp(`^Layer ${layer}: ${formatRatio(typical.ratios.layer[i])} of its usual share`)).count(),
    ).toBe(1);
  expect(await view.page.locator(".layers .finding").textContent()).toMatch(
    /^No layer is unusual: .* \(layer \d+\) to ×/,
  );
  expect(await view.page.locator(".matrices .finding").textContent()).toMatch(/^17 of 84 matrices are unusual: /);
  const ratios = typical.ratios.matrix;
  expect(await view.page.locator(".matrices .finding").textContent()).toContain(formatRatio(Math.max(...ratios)));
  await heatMap().focus();
  for (const key of ["ArrowDown", "ArrowDown", "ArrowRight"]) await view.page.keyboard.press(key);
  await view.settle();
  expect(await cell()).toContain(`; ${formatRatio(ratios[2 * 7 + 1])} of its usual share of the activation`);
  expect(await view.page.getByRole("switch", { name: "Logarithmic colours" }).count()).toBe(0);
  await density().click();
  await view.settle();
  expect(await view.page.locator(".layers .finding").textContent()).not.toContain("unusual");
  expect(await view.page.locator(".matrices .legend").textContent()).toContain("density, cells in %");
  await density().click();
  await view.settle();
  expect(await view.page.locator(".matrices .legend").textContent()).toContain("beside typical texts");
});

test("where nothing is known of typical texts, or of other layers than these, density is shown", async () => {
  const { typical } = document;
  if (typical === undefined) throw new Error("Nothing is known of typical texts.");
  const cut = { ...typical, ratios: { ...typical.ratios, layer: typical.ratios.layer.slice(1) } };
  for (const known of [undefined, cut]) {
    await view.show(done({ ...document, typical: known }));
    expect(await density().count()).toBe(0);
    expect(await view.page.locator(".matrices .legend").textContent()).toContain("density, cells in %");
  }
});

test("moving the threshold shows densities, whose bars keep their scale", async () => {
  await view.show(states.done);
  const slider = view.page.getByRole("slider", { name: /^Share of all weights/ });
  const axis = async () =>
    await view.page.locator("#layers-chart-0").locator("xpath=..").locator("text.label").allTextContents();
  await slider.focus();
  await view.page.keyboard.press("ArrowLeft");
  await view.settle();
  const before = await axis();
  expect(before.slice(0, 2)).toEqual(["0 %", "10 %"]);
  for (let i = 0; i < 12; i++) await view.page.keyboard.press("ArrowLeft");
  await view.settle();
  expect(await axis()).toEqual(before);
});

test("what was asked stands first, of several samples of each, and other questions are a click away", async () => {
  const asked = async () => (await view.page.locator(".asked").textContent())?.replace(/\s+/g, " ").trim();
  await view.show(states.done);
  const [{ nextTokens }] = document.samples;
  expect(await asked()).toMatch(
    /^Explains the whole prediction of what comes next after "… [^"]+" \("[^"]+" [\d.]+ %\)$/,
  );
  expect(await asked()).toContain(`${quoted(nextTokens[0].text)} ${formatShare(nextTokens[0].probability)}`);
  await view.show(states.explained);
  expect(await asked()).toMatch(/^Explains token 12 "[^"]+" [\d.]+ %, from what is before it$/);
  await view.show(states.several);
  expect(await asked()).toContain("harbour.txt");
  await view.page.getByText(/^What each of the \d+ samples was asked$/).click();
  const { samples } = (states.several as Extract<AnalysisState, { phase: "done" }>).document;
  expect(await view.page.locator(".all-samples tbody tr").count()).toBe(samples.length);

  await view.show(states.done);
  await button("Explain").click();
  await view.settle();
  const options = { threshold: { mode: "share", share: 0.1 }, window: 256, chat: false };
  const posted = async () => (await view.posted()).at(-1);
  await button("Reading the text").click();
  expect(await posted()).toEqual({ type: "runAgain", options: { ...options, target: "loss" } });
  await button("Explain").click();
  await view.page.getByRole("textbox", { name: /^The answer/ }).fill(" sea");
  await button("An answer").click();
  expect(await posted()).toEqual({ type: "runAgain", options: { ...options, target: "answer: sea" } });
  await button("Explain").click();
  await button("One token").click();
  await view.settle();
  expect(await view.page.evaluate("document.activeElement.id")).toBe("text-title");
});

test("the model is drawn as a stack and the chosen block, whose matrices open", async () => {
  await view.show(states.unusual);
  const { layers, typical } = (states.unusual as Extract<AnalysisState, { phase: "done" }>).document;
  const stack = view.page.getByRole("listbox", { name: /^The stack of layers/ });
  await stack.focus();
  await view.page.keyboard.press("ArrowUp");
  await view.page.keyboard.press("ArrowUp");
  await view.settle();
  expect(await view.page.locator("#model-title").textContent()).toBe("Layer 2 in the model");
  const ratio = formatRatio(typical?.ratios.layer[2] ?? 0);
  expect(await view.page.locator(".model .finding").textContent()).toContain(
    `, ${ratio} of its usual share; of its matrices`,
  );
  const boxes = view.page.locator(".block-picture .box");
  const names = ["q", "k", "v", "o", "gate", "up", "down"];
  const described = await Promise.all((await boxes.all()).map((box) => box.getAttribute("aria-label")));
  described.forEach((text, i) => {
    const share = formatShare(layers[2].modules[i].sum / layers[2].sum);
    expect(text).toBe(
      `${names[i]} ${shortRatio(typical?.ratios.matrix[2 * 7 + i] ?? 0)}, ${share} of the activation of the layer`,
    );
  });
  expect(described).toHaveLength(7);
  await view.page.getByRole("switch", { name: /^Layer 2 in the model as a table/ }).click();
  expect(await view.page.locator(".model tbody tr").count()).toBe(7);
  await view.page.getByRole("switch", { name: /^Layer 2 in the model as a table/ }).click();
  await view.settle();
  await boxes.nth(6).focus();
  await view.page.keyboard.press("Enter");
  await view.settle();
  expect(await view.page.locator("#matrix-title").textContent()).toBe("Layer 2 · down");
});

test("densities are the document's own, to the digit that is shown", async () => {
  await view.show(states.done);
  await density().click();
  for (const { layer, density } of document.layers)
    expect(await option(new RegExp(`^Layer ${layer}: ${(100 * density).toFixed(1)} %`)).count()).toBe(1);
});

test("layers arrive one by one, without moving what is there", async () => {
  await view.show({
    phase: "running",
    title: "harbour.txt",
    model: "demo",
    progress: { phase: "backward", done: 0, layers: 12, share: 0.3 },
    layers: [],
  });
  const last = view.page.locator("#layers-chart-11");
  const before = await last.boundingBox();
  await view.send({ type: "layer", layer: { layer: 11, meanActivation: 3e-4 } });
  await view.send({
    type: "progress",
    progress: { phase: "backward", done: 1, layers: 12, share: 0.4, secondsLeft: 2 },
  });
  expect(await view.page.getByRole("status").textContent()).toBe("Scoring weights, layer 1 of 12 · 2 s left");
  expect(await option(/^Layer 11: 3e-4 mean activation/).count()).toBe(1);
  expect(await option(/not there yet/).count()).toBe(11);
  expect((await last.boundingBox())?.y).toBe(before?.y);
  await view.show(states.done);
  expect(Math.abs(((await last.boundingBox())?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(3);
});

test("another share changes all figures, Reset brings the run's back", async () => {
  await view.show(states.done);
  await density().click();
  await share().fill("1 %");
  await share().press("Enter");
  await view.settle();
  expect(await view.page.getByRole("slider").getAttribute("aria-valuetext")).toMatch(/^1 % of all weights/);
  const [first] = document.layers;
  expect(await option(new RegExp(`^Layer 0: ${(100 * first.density).toFixed(1)} %`)).count()).toBe(0);
  await view.page.getByRole("button", { name: /Back to the threshold of the run/ }).click();
  await view.settle();
  expect(await option(new RegExp(`^Layer 0: ${(100 * first.density).toFixed(1)} %`)).count()).toBe(1);
});

test("what is saved and exported is at the threshold that is shown, also after a reload and of a saved file", async () => {
  await view.show(states.done);
  await share().fill("1 %");
  await share().press("Enter");
  await view.settle();
  const chosen = { type: "chooseThreshold", threshold: { mode: "share", share: 0.01 } };
  await button("Save").click();
  expect((await view.posted()).slice(-2)).toEqual([chosen, { type: "save" }]);
  await button("Export").click();
  await view.settle();
  await button("JSON of the whole result").click();
  const message = (await view.posted()).at(-1);
  if (message?.type !== "export") throw new Error("nothing was exported");
  const exported = await parseDocument(message.content, message.name);
  expect(exported).toEqual(atThreshold(document, { mode: "share", share: 0.01 }));
  await view.reload();
  await view.show(states.done);
  expect((await view.posted()).at(-1)).toEqual(chosen);

  await view.show(done(exported as AnalysisDocument, "saved.paramscope", true));
  expect(await share().inputValue()).toBe("1 %");
  expect(await button("Save").count()).toBe(0);
  await share().fill("2 %");
  await share().press("Enter");
  await view.settle();
  await button("Save").click();
  expect((await view.posted()).at(-1)).toEqual({ type: "save" });
  await button("Back to the saved threshold, 1 %").click();
  expect((await view.posted()).at(-1)).toEqual({ type: "chooseThreshold", threshold: null });
});

test("arrow keys walk the heat map, Enter opens a matrix, Escape goes back to the cell", async () => {
  await view.show(states.done);
  await heatMap().focus();
  for (const key of ["ArrowDown", "ArrowDown", "ArrowRight"]) await view.page.keyboard.press(key);
  await view.settle();
  expect(await cell()).toMatch(/^Layer 2 k: /);
  await view.page.keyboard.press("Enter");
  await view.settle();
  expect(await view.page.getByRole("heading", { level: 2 }).first().textContent()).toBe("Layer 2 · k");
  expect(await view.page.evaluate("document.activeElement.id")).toBe("matrix-title");
  await view.page.keyboard.press("Escape");
  await view.settle();
  expect(await cell()).toMatch(/^Layer 2 k: /);
  expect(await view.page.evaluate("document.activeElement.getAttribute('role')")).toBe("application");
});

test("the threshold of a matrix is moved by keys and by the mouse, and all views follow", async () => {
  await view.show(states.done);
  await heatMap().focus();
  await view.page.keyboard.press("Enter");
  await view.settle();
  const line = view.page.getByRole("slider", { name: "Threshold", exact: true });
  const before = Number(await line.getAttribute("aria-valuenow"));
  await line.focus();
  await view.page.keyboard.press("PageDown");
  await view.settle();
  expect(Number(await line.getAttribute("aria-valuenow"))).toBeCloseTo(before - 1, 1);

  const box = await view.page.locator("svg.histogram").boundingBox();
  if (!box) throw new Error("The histogram is not drawn.");
  await view.page.mouse.move(box.x + box.width / 2, box.y + 80);
  await view.page.mouse.down();
  await view.page.mouse.move(box.x + box.width / 3, box.y + 80, { steps: 5 });
  await view.page.mouse.up();
  await view.settle();
  const dragged = Number(await line.getAttribute("aria-valuenow"));
  expect(dragged).toBeLessThan(before - 1);
  expect(await share().inputValue()).not.toBe("10 %");
});

test("measure and spacing change the colours, Table shows the same as rows", async () => {
  await view.show(states.done);
  await view.page.getByRole("combobox", { name: "Measure of the heat map" }).click();
  await view.page.getByRole("option", { name: "Maximum" }).click();
  await view.page.getByRole("switch", { name: "Logarithmic colours" }).click();
  await view.settle();
  expect(await view.page.locator(".matrices .legend").textContent()).toMatch(/maximum, logarithmic/);
  expect(await view.page.locator(".matrices .finding").textContent()).toMatch(/holds the strongest weight/);
  await view.page.getByRole("switch", { name: "Matrices as a table" }).click();
  await view.settle();
  expect(await view.page.locator(".matrices tbody tr").count()).toBe(12 * 7);
});

test("the token that is explained is marked, and what follows it is grey", async () => {
  await view.show(states.explained);
  const [explained] = (states.explained as Extract<AnalysisState, { phase: "done" }>).document.samples;
  expect(await view.page.locator(".token.explained").getAttribute("id")).toBe("token-12");
  expect(await view.page.locator(".token.after").count()).toBe(explained.tokens.length - 13);
  await view.show(states.done);
  expect(await view.page.locator(".token:is(.explained, .after)").count()).toBe(0);
});

test("a token is revealed and explained, by mouse and by keys", async () => {
  await view.show(states.done);
  const { tokens } = document.samples[0];
  await view.page.locator("#token-5").click();
  expect((await view.posted()).at(-1)).toEqual({
    type: "reveal",
    sample: 0,
    start: tokens[5].start,
    end: tokens[5].end,
  });
  await view.page.getByRole("listbox", { name: /^Tokens/ }).focus();
  await view.page.keyboard.press("ArrowRight");
  await view.page.keyboard.press("Enter");
  expect((await view.posted()).at(-1)).toMatchObject({ type: "reveal", start: tokens[6].start });
  await button("Explain this token").click();
  expect((await view.posted()).at(-1)).toEqual({ type: "explain", sample: 0, token: 6 });
});

test("what is unusual is said first, its furthest places are a table, and a saved result has it too", async () => {
  const unusual = view.page.locator(".typical");
  const first = () => view.page.locator("main .section").first().textContent();
  await view.show(states.done);
  expect(await first()).toContain("Nothing here is unusual beside 48 long texts");
  const lists = view.page.locator(".unusual-list");
  expect(await lists.count()).toBe(0);
  await view.show(states.unusual);
  expect(await first()).toContain("Unusual here, beside 64 short texts that end with a sentence");
  expect(await first()).toContain("No layer as a whole is unusual.");
  expect(await lists.locator("h2").allTextContents()).toEqual(["Unusual heads"]);
  expect(await lists.locator("li").count()).toBe(5);
  expect(await lists.locator("li").first().textContent()).toMatch(
    /^\s*Layer 5 k head 1\s+holds 19 % of its usual share/,
  );
  expect(await lists.textContent()).toContain("and 6 more");
  await lists.getByRole("button", { name: "Layer 5 k head 1" }).click();
  await view.settle();
  expect(await view.page.locator("#matrix-title").textContent()).toBe("Layer 5 · k");
  await view.page.keyboard.press("Escape");
  await view.page.getByRole("switch", { name: "What is unusual as a table" }).click();
  const rows = unusual.locator("tbody tr");
  // of each level the furthest twenty, of twelve layers all
  expect(await rows.count()).toBe(12 + 3 * 20);
  expect(await rows.nth(12).textContent()).toMatch(/^\s*layer \d+ (q|k|v|o|gate|up|down)/);
  await view.page.getByRole("switch", { name: "What is unusual as a table" }).click();
  await view.show(states.saved);
  expect(await first()).toContain("Nothing here is unusual");
  await view.show(states.explained);
  expect(await first()).toBe("A token within a text is not held against typical texts.");
});

test("typical texts that were not measured are asked for", async () => {
  await view.show(states.unmeasured);
  expect(await view.page.locator(".typical").textContent()).toContain("takes about 21 s to 48 s to measure, once.");
  await button("Measure it").click();
  expect((await view.posted()).at(-1)).toMatchObject({
    type: "runAgain",
    options: { target: "spread", window: 256, typicalText: "always" },
  });
});

test("how densities vary between texts is said where the threshold is that of the run", async () => {
  await view.show(states.several);
  await density().click();
  const said = view.page.locator(".layers .finding");
  expect(await said.textContent()).toMatch(/In the \d+ samples one by one/);
  await share().fill("2 %");
  await share().press("Enter");
  expect(await said.textContent()).not.toContain("one by one");
});

test("several samples are picked from a list", async () => {
  await view.show(states.several);
  await view.page.getByRole("combobox", { name: "Sample" }).click();
  await view.page.getByRole("option", { name: /letter\.txt$/ }).click();
  await view.settle();
  expect(await view.page.locator(".answer").textContent()).toContain("letter.txt");
  expect(await view.page.locator(".notes").textContent()).toContain("3 of 11 windows were not taken");
});

test("another run is asked for with what the form says", async () => {
  await view.show(states.done);
  await button("Run again with…").click();
  await view.settle();
  await view.page.getByRole("textbox", { name: "Threshold: 10 % or 3e-7" }).fill("lots");
  await button("Run").click();
  expect(await view.page.getByRole("alert").textContent()).toContain("A threshold is");
  await view.page.getByRole("textbox", { name: "Threshold: 10 % or 3e-7" }).fill("5 %");
  await view.page.getByRole("combobox", { name: "Explain" }).click();
  await view.page.getByRole("option", { name: "A token of the text" }).click();
  await view.page.getByRole("textbox", { name: "Its number, from 1" }).fill("7");
  await button("Run").click();
  expect((await view.posted()).at(-1)).toEqual({
    type: "runAgain",
    options: { target: "next-token:7", threshold: { mode: "share", share: 0.05 }, window: 256, chat: false },
  });
});

test("charts are exported as pictures and tables, the result as JSON", async () => {
  await view.show(states.done);
  await density().click();
  await button("Export").click();
  await view.settle();
  const sent = async (name: string) => {
    const before = (await view.posted()).length;
    await button(name).click();
    await view.page.waitForFunction(`window.posted.length > ${before}`);
    const message = (await view.posted()).at(-1);
    if (message?.type !== "export") throw new Error("Nothing was exported.");
    return message;
  };
  const svg = await sent("SVG");
  expect(svg.name).toBe("harbour-layers-85mm.svg");
  expect(svg.content).toContain("harbour.txt · demo · density of layers");
  expect(svg.content).not.toMatch(/ (class|style|role)=/);
  const png = await sent("PNG");
  expect(Buffer.from(png.content, "base64").subarray(1, 4).toString()).toBe("PNG");
  await view.page.getByRole("combobox", { name: "Chart to export" }).click();
  await view.page.getByRole("option", { name: "Matrices" }).click();
  expect((await sent("SVG")).content).toContain("Layer 0 q");
  const lines = (await sent("CSV")).content.trim().split("\r\n");
  expect(lines[0]).toBe("Layer,Matrix,Density,Active,Weights,Mean,Norm,Maximum,Beside typical");
  expect(lines).toHaveLength(1 + 12 * 7);
  await heatMap().focus();
  await view.page.keyboard.press("Enter");
  await view.settle();
  const histogram = (await sent("SVG")).content;
  expect(histogram).toContain("layer 0 q, weights by activation");
  expect(histogram).toContain('<clipPath id="matrix-histogram-active"');
  expect(JSON.parse((await sent("JSON of the whole result")).content)).toEqual(document);
});

test("what was looked at is back after a reload, and another result starts afresh", async () => {
  await view.show(states.done);
  await heatMap().focus();
  await view.page.keyboard.press("ArrowDown");
  await view.page.keyboard.press("Enter");
  await share().fill("2 %");
  await share().press("Enter");
  await view.settle();
  await view.reload();
  await view.show(states.done);
  expect(await view.page.getByRole("heading", { level: 2 }).first().textContent()).toBe("Layer 1 · q");
  expect(await share().inputValue()).toBe("2 %");
  await view.show(done({ ...document, run: { ...document.run, seconds: 99 } }));
  expect(await share().inputValue()).toBe("10 %");
  expect(await view.page.getByRole("heading", { level: 2 }).first().textContent()).toBe("What is unusual");
});

test("a saved result offers no run and no save", async () => {
  await view.show(states.saved);
  expect(await button("Save").count()).toBe(0);
  expect(await button("Run again with…").count()).toBe(0);
  expect(await button("Export").count()).toBe(1);
});

test("32 layers of 7 matrices draw once and follow every step of the threshold; the times are printed", async () => {
  await view.show(done(deepened(document, 32)));
  const times: { draw: number[]; threshold: number[] } = await view.page.evaluate(`(async () => {
    const durations = (name) => performance.getEntriesByName(name).map(({ duration }) => duration);
    const first = durations("paramscope.draw")[0];
    performance.clearMeasures();
    const slider = document.querySelector("input[type=range]");
    for (let i = 0; i < 60; i++) {
      slider.value = String(-3 + i / 25);
      slider.dispatchEvent(new Event("input"));
      await new Promise((done) => requestAnimationFrame(done));
    }
    return { draw: [first, ...durations("paramscope.draw")], threshold: durations("paramscope.threshold") };
  })()`);
  const [first, ...others] = times.draw;
  const sorted = [...others].sort((a, b) => a - b);
  console.log(
    `first ${first.toFixed(1)} ms; following: median ${sorted[30].toFixed(1)} ms, slowest ${sorted.at(-1)?.toFixed(1)} ms; ` +
      `densities ${[...times.threshold].sort((a, b) => a - b)[30].toFixed(2)} ms`,
  );
  expect(first).toBeGreaterThan(0);
  expect(sorted.length).toBeGreaterThan(30);
  expect(opened().files.script.length).toBeLessThan(300_000);
});
