import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { atThreshold } from "../../src/engine/document/at-threshold";
import type { AnalysisDocument, ResultDocument } from "../../src/engine/document/document";
import { kindOf } from "../../src/kinds/find-kind";
import { commands } from "./harness/commands";
import { bundle, launch, View } from "./harness/harness";
import { commandLine } from "./harness/states";

/* What a page showed last comes with its document: it is shown again, and what makes no sense is passed over. */

let browser: Browser;

beforeAll(async () => {
  browser = await launch();
});

afterAll(async () => {
  await browser.close();
});

type Kept = Readonly<Record<string, unknown>>;

async function show(page: View, document: ResultDocument, view?: unknown): Promise<void> {
  const viewed = { ...document, ...(view !== undefined && { view }) };
  await page.show({ phase: "done", title: "x", saved: true, document: viewed } as never);
}

/** What the page says that it shows. */
async function kept(page: View): Promise<Kept> {
  const read = () => page.page.evaluate<Kept | undefined>("window.keptView");
  await expect.poll(read).toBeDefined();
  return (await read()) ?? {};
}

/** The same with something else in every place. */
function nonsense(value: unknown, other: Readonly<Record<string, unknown>>): unknown {
  if (Array.isArray(value)) return [other.string, other.number];
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, nonsense(inner, other)]));
  return other[typeof value];
}

test.each(commands.map((command) => ({ command, name: command.filter((word) => word !== "--text").join(" ") })))(
  "$name: a view that nobody can have had does not keep its document from being shown",
  async ({ command }) => {
    const document = commandLine(...command) as ResultDocument;
    const page = await View.open(browser, await bundle(kindOf(document).page));
    await show(page, document);
    const view = await kept(page);
    const main = page.page.locator("main");
    const shown = await main.innerText();
    const views: unknown[] = [
      nonsense(view, { number: 1e9, string: "constructor", boolean: true }),
      nonsense(view, { number: -7.5, string: "", boolean: false }),
      {
        ...view,
        threshold: { mode: "share", share: "1" },
        measure: "__proto__",
        expert: 1e9,
        experts: "x",
        drawer: "x",
      },
      { ...view, threshold: { mode: "absolute", tau: null } },
      "a text",
      { result: 3 },
      null,
    ];
    for (const [i, strange] of views.entries()) {
      // another run: a page keeps its own view of one that it knows
      await show(page, { ...document, run: { ...document.run, seconds: 1000 + i } }, strange);
      expect(page.problems.splice(0), JSON.stringify(strange)).toEqual([]);
      expect((await main.innerText()).length, JSON.stringify(strange)).toBeGreaterThan(shown.length / 10);
    }
    await page.close();
  },
);

test("the matrix, the threshold and the token that were chosen are there again", async () => {
  const document = commandLine("analyze", "samples/fiction/harbour.txt") as ResultDocument;
  const first = await View.open(browser, await bundle("analysis"));
  await show(first, document);
  const share = first.page.getByRole("textbox", { name: "Threshold, as a share of all weights" });
  await share.fill("2 %");
  await share.press("Enter");
  await first.page.getByRole("application").first().focus();
  await first.page.keyboard.press("ArrowDown");
  await first.page.keyboard.press("Enter");
  await first.page.locator("#matrix-title").waitFor();
  await expect.poll(async () => (await kept(first)).opened).toBe(true);
  const shown = await first.page.locator("main").innerText();
  const again = await View.open(browser, await bundle("analysis"));
  await show(again, document, await kept(first));
  expect(await again.page.locator("main").innerText()).toBe(shown);
  expect((await again.posted<{ type: string }>()).filter(({ type }) => type === "chooseThreshold")).toHaveLength(1);
  await first.close();
  await again.close();
});

test("in a file that is saved the threshold that was chosen is its own: nothing is to be reset or to be saved", async () => {
  const run = commandLine("analyze", "samples/fiction", "--max-samples", "8") as AnalysisDocument;
  const threshold = { mode: "share", share: 0.02 } as const;
  const page = await View.open(browser, await bundle("analysis"));
  const buttons = () => page.page.getByRole("button", { name: /^(Save$|Back to the)/ });
  await show(page, run);
  const view = { ...(await kept(page)), threshold };
  await show(page, { ...run, run: { ...run.run, seconds: 1000 } }, view);
  await buttons().first().waitFor();
  await show(page, atThreshold(run, threshold), { ...view, measure: "density" });
  expect(await buttons().count()).toBe(0);
  // the samples one by one were measured at the threshold of the run
  expect(await page.page.locator(".layers .finding").textContent()).not.toContain("one by one");
  await page.close();
});
