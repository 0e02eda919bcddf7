import { mkdirSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BitsDocument } from "../../src/engine/document/document";
import { formatsSentence, plannedSentence, sizeSentence } from "../../src/format/bits";
import { roundingCosts } from "../../src/format/bits-grid";
import { chosenAgain } from "../../src/format/chosen-again";
import type { BitsState, FromBitsView } from "../../src/pages/bits";
import { bundle, launch, View } from "./harness/harness";
import { commandLine } from "./harness/states";
import { looks } from "./harness/themes";

const folder = "dist/pictures/bits";
let browser: Browser;
let files: { script: string; style: string };
let document: BitsDocument;
let states: Record<string, BitsState>;

const done = (shown: BitsDocument, saved = false) =>
  ({ phase: "done", title: "fiction", document: shown, saved }) as const;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  [browser, files] = await Promise.all([launch(), bundle("bits")]);
  const chosen = (...args: string[]) =>
    commandLine("quantize", "samples/fiction", "--window", "32", "--max-samples", "8", ...args) as BitsDocument;
  const measuring = ["--evaluate", "samples/science/yeast.txt", "--compare", "uniform,llama.cpp"];
  document = chosen("--size", "5", ...measuring);
  const running = { phase: "running", title: "fiction", model: "demo", layers: [] } as const;
  states = {
    empty: { phase: "empty" },
    running: { ...running, progress: { phase: "backward", done: 7, layers: 12, share: 0.6, secondsLeft: 3 } },
    cancelled: { phase: "cancelled", title: running.title, layers: [], layerCount: 12 },
    live: done(document),
    saved: done(document, true),
    unmeasured: done({ ...document, evaluation: null, curve: [] }),
    curve: done(chosen("--size", "5", ...measuring, "--curve", "4.5,6,8")),
    uniform: done(chosen("--size", "6", "--by", "uniform")),
    error: {
      phase: "error",
      title: "fiction",
      kind: "user",
      message: "No calibration text has two tokens: what a matrix is worth is found in what the model predicts.",
      remedy: "Give some texts of the kind that the model is for.",
    },
  };
});

afterAll(async () => browser.close());

const opened = (state: BitsState) => View.showing(browser, files, state);

const slider = (view: View) => view.page.getByRole("slider", { name: "Size", exact: true });
const said = async (view: View) => await view.page.locator("main > .finding").innerText();
const asked = async (view: View) => (await view.posted<FromBitsView>()).filter(({ type }) => type === "chooseFormats");

async function slide(view: View, bits: number): Promise<void> {
  await slider(view).fill(String(bits));
  await view.settle();
}

describe("the page of a choice of formats", () => {
  test("chooses formats at any size at once, and says that what they cost was not measured", async () => {
    const view = await opened(states.live);
    expect(await said(view)).toBe(`${sizeSentence(document)} ${formatsSentence(document)}`);
    expect(await view.page.locator(".size .finding").count()).toBe(0);
    await view.page.locator(".formats vscode-toolbar-button").click();
    for (const bits of [4.6, 8]) {
      await slide(view, bits);
      const planned = chosenAgain(document, bits)!;
      expect(await said(view)).toBe(`${sizeSentence(planned)} ${formatsSentence(planned)}`);
      expect(await view.page.locator(".size .finding").innerText()).toBe(plannedSentence(document, planned));
      const cells = await view.page.locator(".formats tbody tr td:nth-child(2)").allInnerTexts();
      expect(cells).toEqual(planned.tensors.map(({ format }) => format));
    }
    // nothing was asked for
    expect(await asked(view)).toEqual([]);
    expect(view.problems).toEqual([]);
    await view.close();
  });

  test("asks for costs and for the file of the size that is shown", async () => {
    const view = await opened(states.unmeasured);
    await slide(view, 6);
    await view.page.getByRole("checkbox", { name: "llama.cpp's mixture" }).press("Space");
    await view.page.getByRole("button", { name: "Measure" }).click();
    await view.page.getByRole("combobox", { name: "Sizes to measure at" }).click();
    await view.page.getByRole("option", { name: "Several around it" }).click();
    await view.page.getByRole("button", { name: "Measure" }).click();
    await view.page.getByRole("button", { name: "Write GGUF file…" }).click();
    const costs = { on: "file", ways: ["uniform", "llama.cpp"], sizes: [] };
    expect(await asked(view)).toEqual([
      { type: "chooseFormats", bits: 6, costs },
      { type: "chooseFormats", bits: 6, costs: { ...costs, sizes: [5, 5.5, 6.5, 7] } },
      { type: "chooseFormats", bits: 6, file: true },
    ]);
    await view.close();
  });

  test("colours say what rounding would cost, or bits", async () => {
    const view = await opened(states.live);
    const picture = async (): Promise<string> =>
      await view.page.locator(".formats canvas").evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    const legend = view.page.locator(".formats .legend");
    const format = roundingCosts(document)?.format ?? "";
    expect(await legend.innerText()).toContain(`what rounding a weight would cost, all in ${format}, logarithmic`);
    const before = await picture();
    await view.page.getByRole("combobox", { name: "Colours of the formats" }).click();
    await view.page.getByRole("option", { name: "Bits" }).click();
    await view.settle();
    expect(await legend.innerText()).toMatch(/bits/);
    expect(await picture()).not.toBe(before);
    const unknown = document.tensors.map((tensor) => ({
      ...tensor,
      options: tensor.options.map((one) => ({ ...one, cost: null })),
    }));
    await view.show(done({ ...document, tensors: unknown }));
    expect(await view.page.getByRole("combobox", { name: "Colours of the formats" }).count()).toBe(0);
    expect(view.problems).toEqual([]);
    await view.close();
  });

  test("what comes back stands at its own size", async () => {
    const view = await opened(states.live);
    await slide(view, 8);
    await view.show(states.curve);
    const { document: measured } = states.curve as Extract<BitsState, { phase: "done" }>;
    expect(await said(view)).toBe(`${sizeSentence(measured)} ${formatsSentence(measured)}`);
    expect(await view.page.locator(".size .finding").count()).toBe(0);
    await view.close();
  });

  test("by a way that measures nothing there is no slider, and the file is that of the choice", async () => {
    const view = await opened(states.uniform);
    expect(await slider(view).count()).toBe(0);
    await view.page.getByRole("button", { name: "Write GGUF file…" }).click();
    const { document: uniform } = states.uniform as Extract<BitsState, { phase: "done" }>;
    expect(await asked(view)).toEqual([{ type: "chooseFormats", bits: uniform.size.bitsPerWeight, file: true }]);
    await view.close();
  });
});

test.each(looks(1000, 420))(
  "every state can be used by everyone, in $theme, $width pixels wide",
  async ({ theme, width }) => {
    const view = await View.open(browser, files, { theme, width });
    const { found, lookAtAll } = view.lookout(folder, `${theme}-${width}`);
    await lookAtAll(states);
    expect(found).toEqual([]);
    await view.close();
  },
);
