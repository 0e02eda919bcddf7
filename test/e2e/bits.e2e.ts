import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import type { BitsDocument } from "../../src/engine/document/document";
import { openModel } from "../../src/engine/index";
import { costSentences } from "../../src/format/bits";
import { chosenAgain } from "../../src/format/chosen-again";
import { parseDocument } from "../../src/kinds/parse-document";
import { paramscope } from "../cli/session";
import { isWritten, removeAfterwards } from "./files";
import { PreviewView } from "./preview-view";
import { ResultView } from "./result-view";
import { useWorkbench } from "./session";

/* Bits in the compression preview: formats chosen with a text, at the size of a slider, measured, written and opened again. */

const workbench = useWorkbench();
const inWorkspace = (name: string) => join(workbench().server.workspace, name);

/** The page of the choice, once it says what is asked for. */
async function page(text: string): Promise<ResultView> {
  return new ResultView(await workbench().webviewWith(text));
}

let chosen: BitsDocument;

test("the open file says which matrices need more bits, and the slider chooses at once what the command line would", async () => {
  await workbench().openFile("story.txt");
  await workbench().runCommand("Paramscope: Preview compression");
  const preview = new PreviewView(await workbench().webviewWith("Zeros"));
  await preview.frame.getByRole("tab", { name: "Bits" }).click();
  await preview.button("Measure").click();
  const view = await page("What takes the room");
  const slider = view.frame.getByRole("slider", { name: "Size", exact: true });
  chosen = await quantized("--size", "4.5");
  expect(await slider.getAttribute("aria-valuetext")).toContain(chosen.size.bitsPerWeight.toFixed(2));
  await slider.fill("6");
  const planned = chosenAgain(chosen, 6)!;
  await expect
    .poll(() => slider.getAttribute("aria-valuetext"))
    .toContain(`${planned.size.bitsPerWeight.toFixed(2)} bits`);
  expect((await quantized("--size", "6")).size.bytes).toBe(planned.size.bytes);
  await view.text("These formats are planned").waitFor();
});

test("what they cost is measured on another text, as the command line does it", async () => {
  const view = await page("These formats are planned");
  await workbench().openSideBar("Explorer");
  // beside the page, not in its place
  await workbench().tab("story.txt").click();
  await workbench().openFile("dog.txt");
  await view.button("Measure").click();
  await view.text("Divergence from the dense model on dog.txt").waitFor();
  const { evaluation } = await quantized("--size", "6", "--evaluate", inWorkspace("dog.txt"), "--compare", "uniform");
  const said = await view.frame.locator(".costs li, .costs .finding").allInnerTexts();
  for (const sentence of costSentences({ ...evaluation!, text: "dog.txt" })) expect(said.join(" ")).toContain(sentence);
});

test("the file is written where the user says, and opens as that model", async () => {
  const view = await page("Divergence from the dense model on dog.txt");
  const file = inWorkspace("demo-6bpw.gguf");
  removeAfterwards(file);
  await view.button("Write GGUF file…").click();
  await workbench().acceptFileName();
  await view.text("demo-6bpw.gguf").waitFor({ timeout: 60_000 });
  await expect.poll(() => isWritten(file)).toBe(true);
  const model = await openModel(file);
  expect(model.layers).toBe(12);
  await model.close();
});

test("a choice is in the history and is saved; from there its texts are read again", async () => {
  const file = inWorkspace("story.txt.paramscope");
  removeAfterwards(file);
  const view = await page("demo-6bpw.gguf");
  await view.button("Save").click();
  await workbench().acceptFileName();
  await expect.poll(() => isWritten(file)).toBe(true);
  const saved = (await parseDocument(readFileSync(file), "saved")) as BitsDocument;
  expect(saved.tensors.map(({ format }) => format)).toEqual(
    chosenAgain(chosen, 6)!.tensors.map(({ format }) => format),
  );
  await workbench().closeAllEditors();
  await workbench().openFile("dog.txt");
  await workbench().openResult("story.txt");
  const again = await page("What takes the room");
  await again.button("Measure").click();
  await again.text("Divergence from the dense model on dog.txt").waitFor();
});

async function quantized(...args: string[]): Promise<BitsDocument> {
  const { stdout } = await paramscope(["quantize", inWorkspace("story.txt"), ...args, "--json"]);
  return JSON.parse(stdout) as BitsDocument;
}
