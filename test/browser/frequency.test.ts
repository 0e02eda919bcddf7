import { mkdirSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FrequencyDocument } from "../../src/engine/document/document";
import { countedExpertsSentences } from "../../src/format/counted-experts";
import { alwaysSentence, clusteringSentence, shareIn } from "../../src/format/frequency";
import { formatDensity } from "../../src/format/numbers";
import type { FrequencyState, FromFrequencyView } from "../../src/pages/frequency";
import { bundle, launch, View } from "./harness/harness";
import { commandLine } from "./harness/states";
import { looks } from "./harness/themes";

const folder = "dist/pictures/frequency";
let browser: Browser;
let files: { script: string; style: string };
let document: FrequencyDocument;
let states: Record<string, FrequencyState>;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  [browser, files] = await Promise.all([launch(), bundle("frequency")]);
  const counted = (...args: string[]) =>
    commandLine("analyze", ...args, "--frequency", "--window", "32") as FrequencyDocument;
  document = counted("samples/fiction", "samples/math", "--max-samples", "8");
  const done = (shown: FrequencyDocument, saved = true) =>
    ({ phase: "done", title: "fiction and math", document: shown, saved }) as const;
  const running = { phase: "running", title: "fiction and math", model: "demo", layers: [] } as const;
  states = {
    empty: { phase: "empty" },
    queued: { ...running, progress: { phase: "queued", done: 0, layers: 0, share: 0 } },
    running: { ...running, progress: { phase: "backward", done: 7, layers: 12, share: 0.6, secondsLeft: 3 } },
    cancelled: { phase: "cancelled", title: running.title, layers: [], layerCount: 12 },
    live: done(document, false),
    done: done(document),
    mixture: done(counted("samples/fiction", "--max-samples", "6", "--model", "test/fixtures/qwen3_moe")),
    two: done(counted("--text", "The cat sat on the", "--text", "The dog lay under the")),
    one: done(ofOne(document)),
    error: {
      phase: "error",
      title: "fiction and math",
      kind: "user",
      message: "Here a threshold is the strongest share of each matrix, not an absolute activation.",
      remedy: "Set the threshold to a share, such as 10% (setting paramscope.threshold).",
    },
  };
});

afterAll(async () => browser.close());

/** As a result of an earlier version, which counted one sample too. */
function ofOne(several: FrequencyDocument): FrequencyDocument {
  const layers = several.layers.map(({ layer, counts: [none = 0, ...some] }) => ({
    layer,
    counts: [none, some.reduce((sum, weights) => sum + weights, 0)],
    icc: null,
  }));
  return { ...several, samples: 1, layers };
}

const opened = (state: FrequencyState) => View.showing(browser, files, state);

const finding = (view: View, section: string) => view.page.locator(`.${section} .finding`).textContent();

describe("the view of how often weights are active", () => {
  test("says how many are always active, and how clustered that is", async () => {
    const view = await opened(states.done);
    expect(await view.page.locator("main > .finding").textContent()).toBe(alwaysSentence(document));
    expect(await finding(view, "clustering")).toBe(clusteringSentence(document));
    expect(view.problems).toEqual([]);
    await view.close();
  });

  test("a layer of the heat map is that of the distribution, beside what chance would give", async () => {
    const view = await opened(states.done);
    const map = view.page.getByRole("application", { name: /^Share of the weights/ });
    for (const key of ["ArrowDown", "ArrowDown"]) await map.press(key);
    await view.settle();
    const never = formatDensity(shareIn(document.layers[2], { from: 0, to: 0 }));
    expect(await finding(view, "distribution")).toContain(`Of layer 2, ${never} (by chance `);
    const bars = view.page.getByRole("slider", { name: /^Numbers of samples/ });
    await bars.press("End");
    await view.settle();
    expect(await bars.getAttribute("aria-valuetext")).toContain(`${document.samples} of ${document.samples}: `);
    await view.close();
  });

  test("shows every chart as a table, and exports it", async () => {
    const view = await opened(states.done);
    for (const [name, rows] of [
      ["layers", document.layers.length],
      ["distribution", document.samples + 1],
      ["clustering", document.layers.length],
    ] as const) {
      await view.page.locator(`.${name} vscode-toolbar-button`).click();
      await view.settle();
      expect(await view.page.locator(`.${name} tbody tr`).count()).toBe(rows);
    }
    await view.page.getByRole("button", { name: "Export" }).click();
    await view.settle();
    for (const format of ["CSV", "JSON of the whole result"])
      await view.page.getByRole("button", { name: format }).click();
    const exported = (await view.posted<FromFrequencyView>()).flatMap((message) =>
      message.type === "export" ? [message.content] : [],
    );
    expect(exported[0].split("\r\n")).toHaveLength(1 + document.layers.length + 1);
    expect(JSON.parse(exported[1])).toEqual(document);
    await view.close();
  });

  test("of a mixture shows the experts: who reaches them, and how often their weights are among the strongest", async () => {
    const view = await opened(states.mixture);
    const { document: mixture } = states.mixture as Extract<FrequencyState, { phase: "done" }>;
    const map = view.page.getByRole("application", { name: /^Experts by layer/ });
    expect(await finding(view, "experts")).toBe(countedExpertsSentences(mixture).join(" "));
    await map.press("ArrowDown");
    await map.press("ArrowRight");
    await view.settle();
    const expert = mixture.layers[2].routing?.experts[1];
    const status = view.page.locator("#experts-cell");
    expect(await status.textContent()).toContain(
      `Layer 2 expert 1: ${expert?.samples} of ${mixture.samples} samples reach it, `,
    );
    // the view stands on that layer in all charts
    expect(await finding(view, "distribution")).toContain("Of layer 2, ");
    await view.page.locator(".experts vscode-toolbar-button").click();
    await view.settle();
    const experts = mixture.layers.flatMap(({ routing }) => routing?.experts ?? []);
    expect(await view.page.locator(".experts tbody tr").count()).toBe(experts.length);
    expect(view.problems).toEqual([]);
    await view.close();
  });

  test("of one sample nothing is said of chance", async () => {
    const view = await opened(states.one);
    expect(await view.page.locator(".clustering").count()).toBe(0);
    expect(view.problems).toEqual([]);
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
