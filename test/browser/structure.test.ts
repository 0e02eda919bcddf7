import { mkdirSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FromPreview, ModelStructures, ToPreview } from "../../src/pages/preview";
import { bundle, launch, View } from "./harness/harness";
import { themeNames } from "./harness/themes";

/* Structure in the compression preview: what is asked for before anything runs. */

const folder = "dist/pictures/structure";
let browser: Browser;
let files: { script: string; style: string };

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  [browser, files] = await Promise.all([launch(), bundle("preview")]);
});

afterAll(async () => browser.close());

const demo: ModelStructures = {
  model: "demo",
  choices: [
    { structure: "layers", of: 12, most: 11 },
    { structure: "neurons", of: 512, most: 511 },
    { structure: "heads", of: 2, most: 1 },
    { structure: "experts", refusal: "demo has no experts: its feed-forwards are no mixtures." },
  ],
};
const none: ModelStructures = {
  model: "gemma",
  choices: (["layers", "neurons", "heads", "experts"] as const).map((structure) => ({
    structure,
    refusal:
      "Each layer of gemma reads tokens for itself, and layers borrow keys and values of each other: none of it can go.",
  })),
};
const missing: ModelStructures = {
  problem: { kind: "model-missing", message: "The model SmolLM2-135M is not there.", remedy: "Choose another one." },
};

const told = (structures: ModelStructures | null): ToPreview => ({ type: "structures", structures });

/** The tab, by keys: what is asked for there, and nothing before. */
async function opened(structures?: ModelStructures, theme?: (typeof themeNames)[number]): Promise<View> {
  const view = await View.open(browser, files, { width: 300, ...(theme && { theme }) });
  await view.show({ phase: "empty" });
  await view.page.getByRole("tab", { name: "Zeros" }).press("ArrowLeft");
  if (structures) await view.send(told(structures));
  await view.settle();
  return view;
}

const posted = async (view: View) => (await view.posted<FromPreview>()).filter(({ type }) => type !== "ready");
const remove = (view: View) => view.page.getByRole("button", { name: "Remove", exact: true });
async function choose(view: View, list: string, name: string): Promise<void> {
  await view.page.getByRole("combobox", { name: list, exact: true }).click();
  await view.page.getByRole("option", { name, exact: true }).click();
  await view.settle();
}

describe("structure in the compression preview", () => {
  test("stands between bits and zeros, and asks once what the model can lose", async () => {
    const view = await opened();
    expect(await view.page.getByRole("tab").allInnerTexts()).toEqual(["Bits", "Structure", "Zeros"]);
    expect(await view.page.getByRole("tab", { name: "Structure" }).getAttribute("aria-selected")).toBe("true");
    expect(await view.page.getByText("Looking at what the model can lose").count()).toBe(1);
    expect(await remove(view).count()).toBe(0);
    expect(await posted(view)).toEqual([{ type: "structures" }]);
    await view.send(told(demo));
    expect(await remove(view).count()).toBe(1);
    expect(await posted(view)).toHaveLength(1);
    // another model was chosen
    await view.send(told(null));
    expect(await posted(view)).toEqual([{ type: "structures" }, { type: "structures" }]);
    expect(view.problems).toEqual([]);
    await view.close();
  });

  test("two layers by activation are what is meant first", async () => {
    const view = await opened(demo);
    await remove(view).click();
    const amount = { kind: "count", count: 2 };
    expect((await posted(view)).slice(1)).toEqual([
      { type: "removeParts", from: "file", structure: "layers", amount, by: "activation" },
    ]);
    await view.close();
  });

  test("what the model cannot lose is not offered, and it is said why", async () => {
    const view = await opened(demo);
    await view.page.getByRole("combobox", { name: "What goes" }).click();
    expect((await view.page.getByRole("option").allInnerTexts()).slice(0, 3)).toEqual(["Layers", "Neurons", "Heads"]);
    expect(await view.page.getByRole("option", { name: "Experts" }).count()).toBe(0);
    await view.page.keyboard.press("Escape");
    await view.page.getByText("What demo cannot lose").click();
    expect(await view.page.getByText("demo has no experts").isVisible()).toBe(true);
    await view.close();
  });

  test("a share goes of each layer, by the ways that it can be chosen by, beside all of them", async () => {
    const view = await opened(demo);
    await choose(view, "Chosen by", "Change of perplexity");
    await choose(view, "What goes", "Heads");
    // one of two is all that can go: there is nothing to slide
    expect(await view.page.getByRole("slider").count()).toBe(0);
    expect(await view.page.getByText("Heads: 1 of 2 (50 %), which is the most that can go.").count()).toBe(1);
    expect(await view.page.getByRole("option", { name: "Change of perplexity" }).count()).toBe(0);
    await choose(view, "What goes", "Neurons");
    const share = view.page.getByRole("slider", { name: "Neurons", exact: true });
    await share.fill("0.3");
    await view.settle();
    expect(await share.getAttribute("aria-valuetext")).toBe("154 of 512 (30 %)");
    await view.page.getByRole("checkbox", { name: "Compare the ways of choosing" }).press("Space");
    await view.settle();
    await choose(view, "Chosen by", "Size of weights");
    await remove(view).click();
    expect((await posted(view)).at(-1)).toEqual({
      type: "removeParts",
      from: "file",
      structure: "neurons",
      amount: { kind: "share", share: 0.3 },
      by: "magnitude",
      compareOn: "other",
    });
    await view.close();
  });

  test("few units are taken one by one, and no expert that every token is sent to", async () => {
    const view = await opened({ model: "mixture", choices: [{ structure: "experts", of: 8, most: 6 }] });
    const slider = view.page.getByRole("slider", { name: "Experts", exact: true });
    expect(await slider.getAttribute("aria-valuetext")).toBe("2 of 8 (25 %)");
    await slider.press("End");
    await view.settle();
    expect(await slider.getAttribute("aria-valuetext")).toBe("6 of 8 (75 %)");
    await remove(view).click();
    expect((await posted(view)).at(-1)).toMatchObject({ structure: "experts", amount: { kind: "share", share: 0.75 } });
    await view.close();
  });

  test("a model of which nothing can go, and one that is not there, say so and what to do", async () => {
    const view = await opened(none);
    expect(await remove(view).count()).toBe(0);
    expect(await view.page.getByRole("listitem").allInnerTexts()).toEqual([
      expect.stringMatching(/^Layers, neurons, heads and experts\. Each layer of gemma reads tokens for itself/),
    ]);
    await view.page.getByRole("button", { name: "Choose model" }).click();
    await view.send(told(missing));
    await view.page.getByRole("button", { name: "Choose model" }).click();
    await view.page.getByRole("button", { name: "Try again" }).click();
    expect((await posted(view)).slice(1)).toEqual([
      { type: "chooseModel" },
      { type: "chooseModel" },
      { type: "structures" },
    ]);
    await view.close();
  });
});

test.each(themeNames)("every state can be used by everyone, as wide as the side bar, in %s", async (theme) => {
  const view = await opened(demo, theme);
  const look = async (name: string) => expect(await view.look(`${folder}/${name}-${theme}.png`), name).toEqual([]);
  await look("layers");
  await choose(view, "What goes", "Neurons");
  await view.page.getByRole("checkbox", { name: "Compare the ways of choosing" }).press("Space");
  await view.page.getByText("What demo cannot lose").click();
  await view.settle();
  await look("compared");
  await view.send(told(none));
  await look("nothing");
  await view.send(told(missing));
  await look("missing");
  await view.close();
});
