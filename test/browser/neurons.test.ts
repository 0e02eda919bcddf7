import { mkdirSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { NeuronsDocument } from "../../src/engine/document/document";
import {
  concentrationSentence,
  halfAgreementSentence,
  halfDivergenceSentence,
  intervalInWords,
  stayingOf,
  toleratedSentences,
} from "../../src/format/neurons";
import { formatDensity, formatNumber } from "../../src/format/numbers";
import type { CommonRequest, ResultState } from "../../src/pages/run";
import { bundle, launch, View } from "./harness/harness";
import { commandLine } from "./harness/states";
import { looks } from "./harness/themes";

const folder = "dist/pictures/neurons";
let browser: Browser;
let files: { script: string; style: string };
let document: NeuronsDocument;
let states: Record<string, ResultState<NeuronsDocument>>;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  [browser, files] = await Promise.all([launch(), bundle("neurons")]);
  document = commandLine("neurons", "samples/math", "--window", "16", "--max-samples", "6") as NeuronsDocument;
  const done = (shown: NeuronsDocument) =>
    ({ phase: "done", title: "math.paramscope", document: shown, saved: true }) as const;
  states = {
    done: done(document),
    one: done(
      commandLine("neurons", "--text", "The river rose in", "--model", "test/fixtures/llama") as NeuronsDocument,
    ),
    error: {
      phase: "error",
      title: "math.paramscope",
      kind: "broken-file",
      message: "math.paramscope is damaged at curves[0].points[3].kl: expected a number.",
    },
  };
});

afterAll(async () => browser.close());

const opened = (state: ResultState<NeuronsDocument>) => View.showing(browser, files, state);

const finding = (view: View, section: string) => view.page.locator(`.${section} .finding`).textContent();

describe("the page of deactivated neurons", () => {
  test("says in the words of the command how many can go, and what half of them costs", async () => {
    const view = await opened(states.done);
    expect(await view.page.locator("main > .finding").textContent()).toBe(toleratedSentences(document).join(" "));
    expect(await finding(view, "agreement")).toBe(halfAgreementSentence(document));
    expect(await finding(view, "divergence")).toBe(halfDivergenceSentence(document));
    expect(await finding(view, "layers")).toBe(concentrationSentence(document));
    for (const note of document.run.notes) expect(await view.page.locator(".notes").textContent()).toContain(note);
    expect(await view.page.locator(".facts").textContent()).toContain("6 samples");
    expect(await view.page.getByRole("button").allTextContents()).not.toContain("Save");
    expect(view.problems).toEqual([]);
    await view.close();
  });

  test("both curves are walked together, and say a share's figures by either criterion", async () => {
    const view = await opened(states.done);
    const agreement = view.page.getByRole("slider", { name: /^Next tokens that stay/ });
    const tolerated = (place: number) => document.curves[0].points[place].share === document.curves[0].tolerated;
    expect(tolerated(Number(await agreement.getAttribute("aria-valuenow")))).toBe(true);
    for (const key of ["Home", "ArrowRight", "ArrowRight"]) await agreement.press(key);
    await view.settle();
    const staying = (point: Parameters<typeof stayingOf>[1]) => {
      const { stays, of, interval } = stayingOf(document, point);
      return { how: `${stays} of ${of} stay`, interval: intervalInWords(interval) };
    };
    const [byAttribution, bySize] = document.curves.map(({ points }) => points[2]);
    expect(await agreement.getAttribute("aria-valuetext")).toBe(
      `10 % deactivated: ${staying(byAttribution).how} by attribution (${staying(byAttribution).interval}), ${staying(bySize).how} by size of activation (${staying(bySize).interval})`,
    );
    const divergence = view.page.getByRole("slider", { name: /^Divergence/ });
    expect(await divergence.getAttribute("aria-valuetext")).toBe(
      `10 % deactivated: ${formatNumber(byAttribution.kl)} by attribution, ${formatNumber(bySize.kl)} by size of activation`,
    );
    const layers = view.page.getByRole("slider", { name: /^Share of a layer's neurons/ });
    await layers.press("End");
    await view.settle();
    const last = document.layers.length - 1;
    expect(await layers.getAttribute("aria-valuetext")).toContain(
      `Layer ${last}: 90 % of the attribution is in ${formatDensity(document.layers[last].concentration.attribution)}`,
    );
    await view.close();
  });

  test("shows every chart as a table, and exports it", async () => {
    const view = await opened(states.done);
    await view.page.getByRole("button", { name: "Export" }).click();
    await view.settle();
    for (const format of ["SVG", "CSV", "JSON of the whole result"])
      await view.page.getByRole("button", { name: format }).click();
    for (const [name, rows] of [
      ["agreement", 20],
      ["divergence", 20],
      ["layers", document.layers.length],
    ] as const) {
      await view.page.locator(`.${name} vscode-toolbar-button`).click();
      await view.settle();
      expect(await view.page.locator(`.${name} tbody tr`).count()).toBe(rows);
    }
    const exported = (await view.posted<CommonRequest>()).flatMap((message) =>
      message.type === "export" ? [message.content] : [],
    );
    expect(exported[0]).toContain("next tokens that stay, in %");
    expect(exported[1].split("\r\n")).toHaveLength(1 + 20 + 1);
    expect(JSON.parse(exported[2])).toEqual(document);
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
