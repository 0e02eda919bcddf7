import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { AblationDescription, AnalysisDocument } from "../../src/engine/document/document";
import { View, viewOfEachTest } from "./harness/harness";
import { withAblations } from "../../src/format/ablation";
import { reportPage } from "../../src/report/page";
import { analyzed, done } from "./harness/states";
import { themes, type Theme } from "./harness/themes";

/* The causal check: a head that is unusual, or any other, is taken away, and what the prediction is then is said. */

/** The first digits of π, which have much that is unusual. */
const TEXT = "3 1 4 1 5 9 2 6 5 3 5 8 9 7 9 3 2 3 8 4 6 2 6 4 3 3 8 3 2 7 9 5 0 2 8 8.";
const PLACE = { level: "head", layer: 5, module: "self_attn.k_proj", index: 1 } as const;

let document: AnalysisDocument;
let ablation: AblationDescription;
let view: View;

const opened = viewOfEachTest("analysis", (each) => (view = each));

beforeAll(() => {
  const { ablations = [], ...rest } = analyzed("--text", TEXT, "--ablate", "layer 5 k head 1");
  const [found] = ablations;
  if (!found) throw new Error("there is no ablation");
  [document, ablation] = [rest, found];
});

const unusual = () => view.page.locator(".unusual-list li").filter({ hasText: "Layer 5 k head 1" });
const openMatrix = () => unusual().getByRole("button", { name: "Layer 5 k head 1" }).click();

async function choose(head: string): Promise<void> {
  await view.page.getByRole("combobox", { name: "Head to take away" }).click();
  await view.page.getByRole("option", { name: head, exact: true }).click();
}

describe("a head that is unusual", () => {
  test("is associated before, and caused only after it was taken away", async () => {
    await view.show(done(document));
    expect(await view.page.locator("body").innerText()).not.toContain("What it causes");
    await unusual().getByRole("button", { name: "Take away" }).click();
    expect((await view.posted()).at(-1)).toEqual({ type: "takeAway", place: { ...PLACE, sample: 0 } });
    const progress = { phase: "forward", done: 3, layers: 12, share: 0.4, secondsLeft: 2 } as const;
    const place = { ...PLACE, sample: 0 };
    await view.send({ type: "ablation", ablation: { ...place, phase: "running", progress }, made: [] });
    expect(await unusual().innerText()).toMatch(/Reading the text without it\..*layer 3 of 12/);
    expect(await view.axe()).toEqual([]);
    await unusual().getByRole("button", { name: "Cancel" }).click();
    expect((await view.posted()).at(-1)).toEqual({ type: "cancelTakeAway" });
    await view.send({ type: "ablation", ablation: { ...place, phase: "cancelled" }, made: [] });
    expect(await unusual().getByRole("button", { name: "Take away" }).count()).toBe(1);
    const failed = { ...place, phase: "error", message: "It needs a model.", remedy: "Download it." } as const;
    await view.send({ type: "ablation", ablation: failed, made: [] });
    expect(await view.page.getByRole("alert").innerText()).toContain("It needs a model. Download it.");
    await view.send({ type: "ablation", ablation: { ...place, phase: "done", ablation }, made: [ablation] });
    expect(await unusual().innerText()).toMatch(/What it causes: Without it .*of that matrix/);
    // another place was not tried
    expect(await view.page.getByText("What it causes").count()).toBe(1);
    expect(await view.axe()).toEqual([]);
  });

  test("keeps what was found of it when another is taken away, and for the sample that it was found in alone", async () => {
    const other = { ...PLACE, layer: 4, index: 2, sample: 0 };
    await view.show(done(document));
    const progress = { phase: "forward", done: 3, layers: 12, share: 0.4, secondsLeft: 2 } as const;
    await view.send({ type: "ablation", ablation: { ...other, phase: "running", progress }, made: [ablation] });
    expect(await unusual().innerText()).toContain("What it causes");
    await view.send({
      type: "ablation",
      ablation: { ...other, phase: "running", progress },
      made: [{ ...ablation, sample: 1 }],
    });
    expect(await unusual().innerText()).not.toContain("What it causes");
  });

  test("is not to be taken away where no model is at hand, and what was found is there", async () => {
    const path = join(mkdtempSync(join(tmpdir(), "paramscope-test-")), "report.html");
    writeFileSync(path, reportPage(withAblations(document, [ablation]), "dist/webview"));
    const report = await View.openFile(opened().browser, path);
    await report.page.getByText("What it causes").waitFor();
    expect(await report.page.getByRole("button", { name: "Take away" }).count()).toBe(0);
    expect(report.problems).toEqual([]);
    await report.page.context().close();
  });
});

describe("any head of a matrix", () => {
  test("can be taken away from its page, by keys too", async () => {
    await view.show(done(document));
    await openMatrix();
    const check = view.page.locator(".head-check");
    await choose("Head 0");
    await check.getByRole("button", { name: "Take away" }).press("Enter");
    expect((await view.posted()).at(-1)).toEqual({ type: "takeAway", place: { ...PLACE, index: 0, sample: 0 } });
    await view.send({
      type: "ablation",
      ablation: { ...PLACE, index: 0, sample: 0, phase: "done", ablation: { ...ablation, index: 0 } },
      made: [{ ...ablation, index: 0 }],
    });
    expect(await check.innerText()).toContain("What it causes");
    await choose("Head 1");
    expect(await check.innerText()).not.toContain("What it causes");
    expect(await view.axe()).toEqual([]);
  });

  test("is not offered where the whole text is explained, which is not one prediction", async () => {
    await view.show(done({ ...document, target: "loss" }));
    expect(await view.page.getByRole("button", { name: "Take away" }).count()).toBe(0);
    await openMatrix();
    expect(await view.page.getByRole("button", { name: "Take away" }).count()).toBe(0);
  });
});

test("an export has what was found since", async () => {
  await view.show(done(document));
  const place = { ...PLACE, sample: 0 };
  await view.send({ type: "ablation", ablation: { ...place, phase: "done", ablation }, made: [ablation] });
  await view.page.getByRole("button", { name: "Export" }).click();
  await view.settle();
  await view.page.getByRole("button", { name: "JSON of the whole result" }).click();
  const message = (await view.posted()).at(-1);
  if (message?.type !== "export") throw new Error("nothing was exported");
  expect((JSON.parse(message.content) as AnalysisDocument).ablations).toEqual([ablation]);
});

test.each(Object.keys(themes) as Theme[])("what a head causes, in %s", async (theme) => {
  for (const width of [1000, 480]) {
    const own = await View.open(opened().browser, opened().files, { theme, width });
    await own.show(done({ ...document, ablations: [ablation] }));
    expect(await own.look(`dist/pictures/take-away-${theme}-${width}.png`)).toEqual([]);
    await own.page.getByRole("button", { name: "Layer 5 k head 1" }).first().click();
    await own.settle();
    expect(await own.look(`dist/pictures/take-away-matrix-${theme}-${width}.png`)).toEqual([]);
    expect(own.problems).toEqual([]);
    await own.close();
  }
});
