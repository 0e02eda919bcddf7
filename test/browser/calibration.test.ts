import { mkdirSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CalibrationDocument } from "../../src/engine/document/document";
import { calibrationSentences } from "../../src/format/calibration";
import { spreadFinding } from "../../src/format/calibration-findings";
import { formatDensity, formatNumber } from "../../src/format/numbers";
import type { CommonRequest, ResultState } from "../../src/pages/run";
import { bundle, launch, View } from "./harness/harness";
import { commandLine } from "./harness/states";
import { looks } from "./harness/themes";

const folder = "dist/pictures/calibration";
let browser: Browser;
let files: { script: string; style: string };
let study: CalibrationDocument;
let choice: CalibrationDocument;
let states: Record<string, ResultState<CalibrationDocument>>;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  [browser, files] = await Promise.all([launch(), bundle("calibration")]);
  const pruned = (...args: string[]) =>
    commandLine("domains", ...args, "--prune", "--window", "32", "--windows", "4") as CalibrationDocument;
  study = pruned("samples/fiction", "samples/math", "samples/code-python");
  choice = pruned("samples/fiction", "--pool", "samples", "--choose", "4");
  const done = (shown: CalibrationDocument) =>
    ({ phase: "done", title: "calibration.paramscope", document: shown, saved: true }) as const;
  states = {
    study: done(study),
    many: done(repeated(study, 12)),
    choice: done(choice),
    error: {
      phase: "error",
      title: "calibration.paramscope",
      kind: "broken-file",
      message: "calibration.paramscope is damaged at dense[0]: expected a number.",
    },
  };
});

afterAll(async () => browser.close());

/** As many domains as the samples have kinds: those that there are, again and again. */
function repeated(document: CalibrationDocument, count: number): CalibrationDocument {
  const again = <Value>(values: readonly Value[]): Value[] =>
    Array.from({ length: count }, (_, i) => values[i % values.length]);
  const named = <Value extends { name: string }>(values: readonly Value[]) =>
    again(values).map((value, i) => ({ ...value, name: `${value.name} ${i}` }));
  const square = (matrix: readonly (readonly number[])[]) => again(matrix.map((row) => again(row)));
  return {
    ...document,
    calibrations: named(document.calibrations),
    evaluations: named(document.evaluations),
    dense: again(document.dense),
    perplexity: square(document.perplexity),
    agreement: square(document.agreement),
    divergence: square(document.divergence),
    losses: document.losses && {
      tokens: again(document.losses.tokens),
      dense: again(document.losses.dense),
      pruned: again(document.losses.pruned.map((row) => again(row))),
    },
  };
}

const opened = (state: ResultState<CalibrationDocument>) => View.showing(browser, files, state);

const findings = (view: View) => view.page.locator("main > .finding").allTextContents();

const exported = async (view: View): Promise<string[]> =>
  (await view.posted<CommonRequest>()).flatMap((message) => (message.type === "export" ? [message.content] : []));

describe("the page of a calibration study", () => {
  test("says in the words of the command what to calibrate with, and where it matters", async () => {
    const view = await opened(states.study);
    expect(await findings(view)).toEqual(calibrationSentences(study));
    expect(await view.page.locator(".study .finding").textContent()).toBe(spreadFinding(study));
    expect(await view.page.locator(".calibrations tbody tr").count()).toBe(3);
    expect(await view.page.locator(".evaluations tbody tr").count()).toBe(3);
    expect(view.problems).toEqual([]);
    await view.close();
  });

  test("a cell says all that was measured, and others are walked to by keys", async () => {
    const view = await opened(states.study);
    const map = view.page.getByRole("application");
    for (const key of ["ArrowDown", "ArrowRight", "ArrowRight"]) await map.press(key);
    await view.settle();
    expect(await view.page.locator("#study-cell").textContent()).toMatch(
      new RegExp(
        `^Calibrated with math, measured on code-python: ${formatNumber(study.perplexity[1][2])} perplexity, [\\d.]+ × dense \\([\\d.]+ to [\\d.]+\\), which has ` +
          `${formatNumber(study.dense[2])}; agreement ${formatDensity(study.agreement[1][2])}, divergence ${formatNumber(study.divergence[1][2])}$`,
      ),
    );
    await view.close();
  });

  test("is a table of what is chosen, and exported as shown", async () => {
    const view = await opened(states.study);
    await view.page.locator(".study vscode-toolbar-button").click();
    await view.settle();
    expect(await view.page.locator(".study tbody tr").count()).toBe(1 + 3);
    await view.page.getByRole("combobox", { name: "What is shown" }).click();
    await view.page.getByRole("option", { name: "Agreement" }).click();
    await view.settle();
    expect(await view.page.locator(".study tbody tr").count()).toBe(3);
    expect(await view.page.locator(".study tbody td").first().textContent()).toContain(
      formatDensity(study.agreement[0][0]),
    );
    await view.page.getByRole("button", { name: "Export" }).click();
    await view.settle();
    for (const format of ["SVG", "CSV", "JSON of the whole result"])
      await view.page.getByRole("button", { name: format }).click();
    const [svg, csv, json] = await exported(view);
    expect(svg).toContain("agreement after pruning");
    expect(csv.split("\r\n")).toHaveLength(1 + 3 + 1);
    expect(JSON.parse(json)).toEqual(study);
    await view.close();
  });
});

describe("the page of chosen calibration texts", () => {
  test("says what choosing is worth beside random texts, and which were chosen", async () => {
    const view = await opened(states.choice);
    expect(await findings(view)).toEqual(calibrationSentences(choice));
    const bars = view.page.getByRole("listbox", { name: /^Perplexity on fiction/ });
    await bars.press("ArrowDown");
    await view.settle();
    expect(await bars.getByRole("option", { selected: true }).getAttribute("aria-label")).toContain(
      `chosen: ${formatNumber(choice.perplexity[0][0])} perplexity, `,
    );
    const chosen = choice.choice?.similarities.filter((text) => text.chosen).map(({ source }) => source);
    expect(chosen).toHaveLength(4);
    const listed = view.page.locator(".pool tbody tr").filter({ hasText: "chosen" }).locator("td:last-child");
    expect((await listed.allTextContents()).map((text) => text.trim())).toEqual(chosen);
    expect(view.problems).toEqual([]);
    await view.close();
  });

  test("is a table, and exports the whole pool", async () => {
    const view = await opened(states.choice);
    await view.page.locator(".choice vscode-toolbar-button").click();
    await view.settle();
    expect(await view.page.locator(".choice tbody tr").count()).toBe(1 + choice.calibrations.length);
    await view.page.getByRole("button", { name: "Export" }).click();
    await view.settle();
    await view.page.getByRole("combobox", { name: "Chart to export" }).click();
    await view.page.getByRole("option", { name: "Texts of samples" }).click();
    await view.page.getByRole("button", { name: "CSV" }).click();
    const [csv] = await exported(view);
    expect(csv.split("\r\n")).toHaveLength(1 + (choice.choice?.similarities.length ?? 0) + 1);
    await view.close();
  });
});

test.each(looks(1000, 420))(
  "every state can be used by everyone, in $theme, $width pixels wide",
  async ({ theme, width }) => {
    const view = await View.open(browser, files, { theme, width });
    const { found, lookAtAll, lookAtTables } = view.lookout(folder, `${theme}-${width}`);
    await lookAtAll(states);
    await lookAtTables(states.study);
    expect(found).toEqual([]);
    await view.close();
  },
);
