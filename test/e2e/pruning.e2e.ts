import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import type { PruningDocument } from "../../src/engine/document/document";
import { openModel } from "../../src/engine/index";
import { perplexitySentence } from "../../src/format/pruning";
import { paramscope } from "../cli/session";
import { isWritten, removeAfterwards, replacing } from "./files";
import { PreviewView } from "./preview-view";
import { ResultView } from "./result-view";
import { useWorkbench } from "./session";
import { modulesAt } from "../../src/engine/model/model";

/* The compression preview of the side bar: calibrated, evaluated, exported, saved; and an analysis used as calibration. */

const workbench = useWorkbench();
const inWorkspace = (name: string) => join(workbench().server.workspace, name);

async function preview(text: string): Promise<PreviewView> {
  return new PreviewView(await workbench().webviewWith(text));
}

let evaluated: PruningDocument;

test("the open file calibrates, the plan follows the slider, and an evaluation says what the command line does", async () => {
  await workbench().openFile("short.txt");
  await workbench().runCommand("Paramscope: Preview compression");
  // of another test's window it may be calibrated already
  const view = await preview("Calibration");
  await view.button("Measure").click();
  await expect.poll(() => view.frame.locator("h1").innerText()).toBe("short.txt");
  await view.findings("layers").first().waitFor();
  const planned = await view.plan();
  await view.slideTo(0.3);
  await expect.poll(() => view.plan()).not.toEqual(planned);

  await view.button("Evaluate").click();
  await view.findings("evaluated").first().waitFor();
  const file = inWorkspace("short.txt");
  const options = ["--sparsity", "0.3", "--evaluate", file, "--json"];
  evaluated = JSON.parse((await paramscope(["prune", file, ...options])).stdout) as PruningDocument;
  if (!evaluated.perplexity) throw new Error("nothing was evaluated");
  const said = await view.findings("evaluated").allInnerTexts();
  expect(said).toContain(perplexitySentence({ ...evaluated.perplexity, text: "short.txt" }));
});

test("the curve is filled in and is there after a reload; what is saved opens as a page, and in the preview again", async () => {
  const view = await preview("What it costs");
  await view.frame.getByRole("checkbox", { name: "Wanda" }).press("Space");
  await view.button("Compute curve").click();
  await view.frame.locator(".curve svg.lines circle.line-1").nth(7).waitFor();
  await view.button("Compute curve").waitFor();
  await view.button("Save").click();
  await workbench().acceptFileName();
  const name = "short.txt (Wanda 30).paramscope";
  removeAfterwards(inWorkspace(name));
  await expect.poll(() => isWritten(inWorkspace(name))).toBe(true);
  const saved = JSON.parse(readFileSync(inWorkspace(name), "utf8")) as PruningDocument;
  expect(saved.layers.map(({ zeros }) => zeros)).toEqual(evaluated.layers.map(({ zeros }) => zeros));
  expect(saved.curve.map(({ criterion }) => criterion)).toEqual(new Array(8).fill("magnitude"));
  await workbench().openSideBar("Explorer");
  await workbench().openFile(name);
  const page = new ResultView(await workbench().webviewWith("Saved result"));
  expect(await page.text("Perplexity over sparsity").count()).toBe(1);

  await workbench().reload();
  await workbench().runCommand("Paramscope: Preview compression");
  const reloaded = await preview("What it costs");
  expect(await reloaded.frame.locator("h1").innerText()).toBe("short.txt");
  expect(await reloaded.frame.locator(".curve svg.lines circle.line-1").count()).toBe(8);
  expect(await reloaded.slider.inputValue()).toBe("0.3");

  await reloaded.slideTo(0.6);
  await new ResultView(await workbench().webviewWith("Saved result")).button("Open in compression preview").click();
  await reloaded.frame.locator(".evaluated").waitFor({ state: "detached" });
  await reloaded.findings("layers").first().waitFor();
  expect(await reloaded.slider.inputValue()).toBe("0.3");
  await workbench().openSideBar("Explorer");
  await workbench().closeEditor(name);
});

test("an analysis is used as calibration, and its masks are exported, once the user agrees in the place of earlier ones", async () => {
  await workbench().chooseInExplorer("lines.txt", "Analyze activations");
  const analysis = await workbench().analysis("lines.txt");
  await analysis.done();
  await analysis.frame.getByRole("button", { name: "Use as calibration" }).click();
  const view = await preview("What it costs");
  await expect.poll(() => view.frame.locator("h1").innerText()).toBe("lines.txt");
  const folder = inWorkspace("masks-wanda-50");
  removeAfterwards(folder);
  const exportMasks = async () => {
    await view.button("Export masks…").click();
    await workbench().nameFolder(workbench().server.workspace, "Export here");
    await workbench().acceptInput("masks-wanda-50");
  };
  await view.slideTo(0.5);
  await exportMasks();
  const written = view.frame.getByText("Which weights went is in");
  await written.waitFor();
  const masks = join(folder, "masks.safetensors");
  const { size } = statSync(masks);
  await replacing(masks, async () => {
    await exportMasks();
    await workbench().answer("Replace it");
  });
  expect(statSync(masks).size).toBe(size);
  await written.waitFor();
});

test("the model that SparseGPT makes is exported, a whole folder that opens", async () => {
  const view = await preview("What it costs");
  await view.choose("Criterion", "SparseGPT");
  const name = "pruned-sparsegpt-50";
  removeAfterwards(inWorkspace(name));
  await view.button("Export model…").click();
  await workbench().nameFolder(workbench().server.workspace, "Export here");
  await workbench().acceptInput(name);
  await view.frame.getByText("The pruned model is in").waitFor();
  const folder = inWorkspace(name);
  const { files } = JSON.parse(readFileSync(join(folder, "paramscope-files.json"), "utf8")) as {
    files: { name: string }[];
  };
  expect(readdirSync(folder).sort()).toEqual(["paramscope-files.json", ...files.map(({ name }) => name)].sort());
  expect(readdirSync(workbench().server.workspace).filter((other) => other.includes("paramscope-partial"))).toEqual([]);
  const model = await openModel(folder);
  let zeros = 0;
  for (let layer = 0; layer < model.layers; layer++)
    for (const { name, out, in: columns } of modulesAt(model, layer)) {
      const weights = new Float32Array(out * columns);
      await model.checkpoint.read(`model.layers.${layer}.${name}.weight`, weights);
      zeros += weights.filter((weight) => weight === 0).length;
    }
  await model.close();
  expect(zeros / model.scored).toBeCloseTo(0.5, 2);
});
