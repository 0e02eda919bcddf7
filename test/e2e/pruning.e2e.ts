import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import type { PruningDocument } from "../../src/engine/document/document";
import { perplexitySentence } from "../../src/format/pruning";
import { paramscope } from "../cli/session";
import { isWritten } from "./files";
import { PreviewView } from "./preview-view";
import { ResultView } from "./result-view";
import { useWorkbench } from "./session";

/* The pruning preview of the side bar: calibrated, evaluated, exported, saved; and an analysis used as calibration. */

const workbench = useWorkbench();
const inWorkspace = (name: string) => join(workbench().server.workspace, name);

async function preview(text: string): Promise<PreviewView> {
  return new PreviewView(await workbench().webviewWith(text, 60_000));
}

let evaluated: PruningDocument;

test("the open file calibrates, the plan follows the slider, and an evaluation says what the command line does", async () => {
  await workbench().openFile("short.txt");
  await workbench().runCommand("Paramscope: Preview pruning");
  const view = await preview("Which weights can go?");
  await view.button("Measure").click();
  await view.findings("layers").first().waitFor({ timeout: 60_000 });
  const planned = await view.plan();
  await view.slideTo(0.3);
  await expect.poll(() => view.plan()).not.toEqual(planned);

  await view.button("Evaluate").click();
  await view.findings("evaluated").first().waitFor({ timeout: 60_000 });
  const file = inWorkspace("short.txt");
  const options = ["--sparsity", "0.3", "--evaluate", file, "--json"];
  evaluated = JSON.parse((await paramscope(["prune", file, ...options])).stdout) as PruningDocument;
  if (!evaluated.perplexity) throw new Error("nothing was evaluated");
  const said = await view.findings("evaluated").allInnerTexts();
  expect(said).toContain(perplexitySentence({ ...evaluated.perplexity, text: "short.txt" }));
});

test("the curve is filled in, and what is saved opens as a page", async () => {
  const view = await preview("What it costs");
  await view.frame.getByRole("checkbox", { name: "Wanda" }).press("Space");
  await view.button("Compute curve").click();
  await view.frame.locator(".curve svg.lines circle.line-1").nth(7).waitFor({ timeout: 60_000 });
  await view.button("Compute curve").waitFor();
  await view.button("Save").click();
  await workbench().acceptFileName();
  const name = "short.txt (Wanda 30).paramscope";
  await expect.poll(() => isWritten(inWorkspace(name))).toBe(true);
  const saved = JSON.parse(readFileSync(inWorkspace(name), "utf8")) as PruningDocument;
  expect(saved.layers.map(({ zeros }) => zeros)).toEqual(evaluated.layers.map(({ zeros }) => zeros));
  expect(saved.curve.map(({ criterion }) => criterion)).toEqual(new Array(8).fill("magnitude"));
  await workbench().openSideBar("Explorer");
  await workbench().openFile(name);
  const page = new ResultView(await workbench().webviewWith("Saved result", 60_000));
  expect(await page.text("Perplexity over sparsity").count()).toBe(1);
  await workbench().closeEditor(name);
  rmSync(inWorkspace(name));
});

test("an analysis is used as calibration, and its masks are exported, once the user agrees in the place of earlier ones", async () => {
  await workbench().chooseInExplorer("lines.txt", "Analyze activations");
  const analysis = await workbench().analysis("lines.txt");
  await analysis.done();
  await analysis.frame.getByRole("button", { name: "Use as calibration" }).click();
  const view = await preview("What it costs");
  await expect.poll(() => view.frame.locator("h1").innerText()).toBe("lines.txt");
  const folder = inWorkspace("masks-wanda-50");
  const exportMasks = async () => {
    await view.button("Export masks…").click();
    await workbench().nameFolder(workbench().server.workspace, "Export here");
    await workbench().acceptInput("masks-wanda-50");
  };
  await view.slideTo(0.5);
  await exportMasks();
  const written = view.frame.getByText("Which weights went is in");
  await written.waitFor({ timeout: 60_000 });
  expect(existsSync(join(folder, "masks.safetensors"))).toBe(true);
  writeFileSync(join(folder, "masks.safetensors"), "");
  await exportMasks();
  await workbench().answer("Replace it");
  await expect.poll(() => isWritten(join(folder, "masks.safetensors"))).toBe(true);
  await written.waitFor();
  rmSync(folder, { recursive: true });
});
