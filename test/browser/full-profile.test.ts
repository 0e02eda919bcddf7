import { beforeAll, beforeEach, expect, test } from "vitest";
import type { AnalysisDocument } from "../../src/engine/document/document";
import { View, viewOfEachTest } from "./harness/harness";
import { analyzed, done } from "./harness/states";

/* The full row and column sums of a matrix, as the extension sends them on demand. */

let document: AnalysisDocument;
let view: View;

const opened = viewOfEachTest("analysis", (each) => (view = each));

beforeAll(() => {
  document = analyzed("samples/fiction/letter.txt");
});

beforeEach(async () => {
  await view.show(done(document));
  await view.page.getByRole("application").focus();
  await view.page.keyboard.press("Enter");
  await view.settle();
});

const place = { layer: 0, matrix: "self_attn.q_proj" };
const rows = Array.from({ length: 5000 }, (_, i) => (i === 4321 ? 3 : 1 / (1 + (i % 97))));
const columns = Array.from({ length: 192 }, (_, i) => i / 192);
const button = (name: string) => view.page.getByRole("button", { name });
const slider = () => view.page.getByRole("slider", { name: /^Rows/ });

test("is asked for, shows its progress, and can be cancelled", async () => {
  await button("Open full profile").click();
  expect((await view.posted()).at(-1)).toEqual({ type: "openProfile", ...place });
  const progress = { phase: "backward", done: 3, layers: 12, share: 0.4, secondsLeft: 2 } as const;
  await view.send({ type: "profile", profile: { ...place, phase: "running", progress } });
  expect(await view.page.locator(".full-profile").textContent()).toMatch(/run again.*layer 3 of 12 · 2 s left/s);
  await button("Cancel").click();
  expect((await view.posted()).at(-1)).toEqual({ type: "cancelProfile" });
  await view.send({ type: "profile", profile: { ...place, phase: "cancelled" } });
  expect(await button("Open full profile").count()).toBe(1);
});

test("says what is missing", async () => {
  const profile = { ...place, phase: "error", message: "It needs a model.", remedy: "Download it." } as const;
  await view.send({ type: "profile", profile });
  expect(await view.page.getByRole("alert").textContent()).toContain("It needs a model. Download it.");
});

test("is walked by keys, zoomed and scrolled, read as a table and exported", async () => {
  await view.send({ type: "profile", profile: { ...place, phase: "done", rows, columns } });
  expect(await slider().getAttribute("aria-valuemax")).toBe("4999");
  await slider().focus();
  for (const key of ["ArrowRight", "ArrowRight", "ArrowLeft"]) await view.page.keyboard.press(key);
  expect(await slider().getAttribute("aria-valuetext")).toMatch(/^Row 1: sum 0\.5, /);
  const before = Number(await slider().getAttribute("width"));
  for (const key of ["+", "+", "End"]) await view.page.keyboard.press(key);
  await view.settle();
  expect(Number(await slider().getAttribute("width"))).toBe(4 * before);
  const left = () => view.page.evaluate<number>('document.getElementById("profile-rows-scroll").scrollLeft');
  expect(await left()).toBeGreaterThan(0);
  await view.page.keyboard.press("Home");
  await view.settle();
  expect(await left()).toBeLessThan(before);
  expect(await view.page.locator("section.profile .finding").textContent()).toMatch(/tenth of the rows holds \d+ %/);
  expect(await view.axe()).toEqual([]);

  await button("CSV").click();
  const message = (await view.posted()).at(-1);
  if (message?.type !== "export") throw new Error("nothing was exported");
  const lines = message.content.trim().split("\r\n");
  expect(lines).toHaveLength(1 + 5000 + 192);
  expect(lines[1 + 4321]).toMatch(/^row,4321,3,/);

  await view.page.getByRole("switch", { name: "Full profile as a table" }).click();
  await view.settle();
  const first = view.page.locator("section.profile tbody tr");
  expect(await first.count()).toBe(1000);
  expect(await first.first().innerText()).toMatch(/row\s+4,321\s+3/);
});

test("is that of the matrix it was asked for, and is gone with its result", async () => {
  await view.send({ type: "profile", profile: { ...place, phase: "done", rows, columns } });
  await button("Deeper: layer 1 q").click();
  await view.settle();
  expect(await slider().count()).toBe(0);
  await button("Shallower: layer 0 q").click();
  await view.settle();
  expect(await slider().count()).toBe(1);
  await view.show(done(document));
  expect(await slider().count()).toBe(0);
});

test.each(["dark", "light", "high-contrast"] as const)("in %s", async (theme) => {
  const own = await View.open(opened().browser, opened().files, { theme, width: theme === "light" ? 480 : 1000 });
  await own.show(done(document));
  await own.page.getByRole("application").focus();
  await own.page.keyboard.press("Enter");
  await own.send({ type: "profile", profile: { ...place, phase: "done", rows: rows.slice(0, 640), columns } });
  expect(await own.look(`dist/pictures/profile-${theme}.png`)).toEqual([]);
  expect(own.problems).toEqual([]);
  await own.close();
});
