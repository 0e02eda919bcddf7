import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";

import type {
  CalibrationDocument,
  DomainsDocument,
  NeuronsDocument,
  PatchingDocument,
} from "../../src/engine/document/document";
import { calibrationSentences } from "../../src/format/calibration";
import { domainsSentences } from "../../src/format/domains";
import { toleratedSentences } from "../../src/format/neurons";
import { carriedSentence } from "../../src/format/patching";
import { paramscope } from "../cli/session";
import { useWorkbench } from "./session";

/* Results that are made on the command line and read in the editor. */

const workbench = useWorkbench();
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const prompts = ["--text", "The cat sat on the", "--text", "The dog sat on the"];

/** Runs a command, puts its result into the workspace and opens it. */
async function open<Document>(name: string, args: readonly string[], shows: string) {
  const { stdout } = await paramscope([...args, "--json"]);
  writeFileSync(join(workbench().server.workspace, name), stdout);
  await workbench().openFile(name);
  const frame = await workbench().webviewWith(shows);
  const violations = async (): Promise<string[]> => {
    await frame.evaluate(axe);
    return await frame.evaluate(
      `axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations.map(({ help }) => help))`,
    );
  };
  return { frame, document: JSON.parse(stdout) as Document, violations };
}

test("a saved patching shows where the answer is carried, and the next tokens of a place", async () => {
  const { frame, document, violations } = await open<PatchingDocument>(
    "patch.paramscope",
    ["patch", ...prompts],
    "Layers and positions",
  );
  expect(await frame.locator(".grid .finding").innerText()).toBe(carriedSentence(document));
  await frame.getByRole("application").press("ArrowRight");
  await frame.getByRole("application").press("Enter");
  expect(await frame.locator("#place-title").innerText()).toBe(
    'After the patch in layer 0 at " do" (position 1, in A " c")',
  );
  expect(await violations()).toEqual([]);
  await frame.locator("svg.next").scrollIntoViewIfNeeded();
});

test("it runs again from its file, in a panel", async () => {
  const saved = await workbench().webviewWith("Saved result");
  await saved.getByRole("button", { name: "Run again with…" }).click();
  await saved.getByRole("combobox", { name: "Patch" }).click();
  await saved.getByRole("option", { name: "Attention output" }).click();
  await saved.getByRole("button", { name: "Run", exact: true }).click();
  await workbench().tab("Patching: patch").waitFor();
  const live = await workbench().webviewWith("patches what a layer's attention adds");
  const { stdout } = await paramscope(["patch", ...prompts, "--site", "attention", "--json"]);
  expect(await live.locator(".grid .finding").innerText()).toBe(
    carriedSentence(JSON.parse(stdout) as PatchingDocument),
  );
  await workbench().closeEditor("Patching: patch");
});

test("saved domains show their layers, every two of them, and what tells two apart", async () => {
  const { frame, document, violations } = await open<DomainsDocument>(
    "domains.paramscope",
    ["domains", "samples/fiction", "samples/math", "samples/news", "--window", "32"],
    "across domains",
  );
  expect(await frame.locator("main > .finding").innerText()).toBe(domainsSentences(document).join(" "));
  await frame.getByRole("application").press("End");
  await frame.getByRole("application").press("Enter");
  expect(await frame.locator(".neurons header .note").innerText()).toBe("A is fiction, B is news");
  expect(await violations()).toEqual([]);
  await frame.locator("h1").scrollIntoViewIfNeeded();
});

test("saved neurons show how many can be deactivated", async () => {
  const { frame, document, violations } = await open<NeuronsDocument>(
    "neurons.paramscope",
    ["neurons", "samples/math", "--window", "16", "--max-samples", "4"],
    "Next tokens that stay",
  );
  expect(await frame.locator("main > .finding").innerText()).toBe(toleratedSentences(document).join(" "));
  await frame.getByRole("slider", { name: /^Next tokens that stay/ }).press("End");
  expect(await frame.locator(".divergence .readout").innerText()).toMatch(/^95 % deactivated: /);
  expect(await violations()).toEqual([]);
});

test("a saved study of calibrations shows what to calibrate with", async () => {
  const { frame, document, violations } = await open<CalibrationDocument>(
    "calibration.paramscope",
    ["domains", "samples/fiction", "samples/math", "--prune", "--window", "32", "--windows", "1"],
    "a row is calibrated with",
  );
  expect(await frame.locator("main > .finding").allInnerTexts()).toEqual(calibrationSentences(document));
  await frame.getByRole("application").press("ArrowDown");
  expect(await frame.locator("#study-cell").innerText()).toMatch(/^Calibrated with math, measured on fiction: /);
  expect(await violations()).toEqual([]);
});
