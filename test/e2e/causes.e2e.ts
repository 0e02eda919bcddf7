import { readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import type { AnalysisDocument } from "../../src/engine/document/document";
import { ablationSentences } from "../../src/format/ablation";
import { placeName } from "../../src/format/typical-findings";
import { parseDocument } from "../../src/kinds/parse-document";
import { analyzed } from "./command-line";
import { isWritten } from "./files";
import { ResultView } from "./result-view";
import { useWorkbench } from "./session";

/* From what goes with a text to what causes its prediction: a head that is unusual is taken away, two texts that part are patched. */

const workbench = useWorkbench();
/** The first digits of π, which have much that is unusual. */
const DIGITS = "3 1 4 1 5 9 2 6 5 3 5 8 9 7 9 3 2 3 8 4 6 2 6 4 3 3 8 3 2 7 9 5 0 2 8 8.";

test("a head that is unusual is taken away, as the command line does it, and is in the file that is saved", async () => {
  await writeFile(join(workbench().server.workspace, "digits.txt"), DIGITS);
  await workbench().explorerItem("digits.txt").waitFor();
  await workbench().openFile("digits.txt");
  await workbench().chooseInEditor("Analyze activations");
  const view = await workbench().analysis("digits.txt");
  await view.done();
  const first = view.frame.locator(".unusual-list li").first();
  await first.getByRole("button", { name: "Take away" }).click();
  await view.text("What it causes:").waitFor();
  const { typical, layers } = await analyzed("--text", DIGITS);
  const place = typical?.levels.find(({ level }) => level === "head")?.furthest[0];
  if (!place) throw new Error("no head is unusual");
  const [ablation] = (await analyzed("--text", DIGITS, "--ablate", placeName(place, "head", layers))).ablations ?? [];
  if (!ablation) throw new Error("nothing was taken away");
  expect((await first.innerText()).replace(/\s+/g, " ")).toContain(ablationSentences(ablation).join(" "));
  const saved = join(workbench().server.workspace, "digits.txt.paramscope");
  await rm(saved, { force: true });
  await view.button("Save").click();
  await workbench().acceptFileName();
  await expect.poll(() => isWritten(saved), { timeout: 20_000 }).toBe(true);
  const { ablations } = (await parseDocument(readFileSync(saved), "saved")) as AnalysisDocument;
  expect(ablations?.map(({ module, index }) => [module, index])).toEqual([[place.module, place.index]]);
});

test("what was measured of a result is in the history, saved or not", async () => {
  const view = await workbench().analysis("digits.txt");
  await view.button("Move through the text").click();
  await view.strip.press("Home");
  const first = await view.strip.getAttribute("aria-valuetext");
  await workbench().closeEditor("Activations: digits.txt");
  await workbench().openResult("digits.txt");
  const again = await workbench().analysis("digits.txt");
  await again.text("What it causes:").waitFor();
  await again.strip.press("Home");
  expect(await again.strip.getAttribute("aria-valuetext")).toBe(first);
  await workbench().openSideBar("Explorer");
});

test("where two prompts part, the first is patched into the second with one click", async () => {
  await workbench().selectInExplorer("cat.txt", "dog.txt");
  await workbench().chooseInExplorer("cat.txt", "Compare activations of selected");
  const comparison = new ResultView(await workbench().webviewWith("Where they part"));
  await comparison.button("Patch A into B").click();
  const patching = new ResultView(await workbench().webviewWith("Layers and positions"));
  expect(await patching.frame.locator(".prompt").allInnerTexts()).toEqual(["The cat sat on the", "The dog sat on the"]);
});
