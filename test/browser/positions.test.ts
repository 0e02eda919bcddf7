import { beforeAll, describe, expect, test } from "vitest";
import type { AnalysisDocument, PositionsDescription } from "../../src/engine/document/document";
import { View, viewOfEachTest } from "./harness/harness";
import { madeUpPositions } from "../support/made-up-positions";
import { analyzed, deepened, done } from "./harness/states";
import { themes, type Theme } from "./harness/themes";

/* A text that is moved through token by token: asked for, run, and walked. */

const TEXT = "The capital of France is Paris, and that of Italy is Rome.";

let moved: AnalysisDocument;
let document: AnalysisDocument;
let positions: PositionsDescription;
let view: View;

const opened = viewOfEachTest("analysis", (each) => (view = each));

beforeAll(() => {
  moved = analyzed("--text", TEXT, "--positions");
  const { positions: measured, ...rest } = moved;
  if (!measured) throw new Error("there are no positions");
  [document, positions] = [rest, measured];
});

const button = (name: string) => view.page.getByRole("button", { name });
const strip = () => view.page.getByRole("slider", { name: /^Positions/ });
const valueOf = async () => Number(await strip().getAttribute("aria-valuenow"));

describe("moving through a text", () => {
  test("is offered, shows its progress, and can be cancelled", async () => {
    await view.show(done(document));
    expect(await view.page.locator(".move-through .note").innerText()).toBe(
      `what the model does at each of its ${positions.at.length} tokens, as if the text ended there`,
    );
    await button("Move through the text").click();
    expect((await view.posted()).at(-1)).toEqual({ type: "openPositions", sample: 0, around: 0 });
    const progress = { phase: "backward", of: "positions", done: 3, layers: 12, share: 0.4, secondsLeft: 2 } as const;
    await view.send({ type: "positions", positions: { sample: 0, phase: "running", progress } });
    expect(await view.page.locator(".move-through").innerText()).toContain(
      "Moving through the text. Every position by itself: scoring weights, layer 3 of 12 · 2 s left",
    );
    expect(await view.axe()).toEqual([]);
    await button("Cancel").click();
    expect((await view.posted()).at(-1)).toEqual({ type: "cancelPositions" });
    await view.send({ type: "positions", positions: { sample: 0, phase: "cancelled" } });
    expect(await button("Move through the text").count()).toBe(1);
    const error = { sample: 0, phase: "error", message: "It needs a model.", remedy: "Download it." } as const;
    await view.send({ type: "positions", positions: error });
    expect(await view.page.getByRole("alert").innerText()).toContain("It needs a model. Download it.");
    await view.send({ type: "positions", positions: { sample: 0, phase: "done", positions } });
    expect(await strip().count()).toBe(1);
  });

  test("goes by keys: what is next, the layers, the matrices and the tints follow", async () => {
    await view.show(done(moved, "text 1", true));
    expect(await button("Move through the text").count()).toBe(0);
    const last = positions.at.length - 1;
    expect(await valueOf()).toBe(last);
    expect(await strip().getAttribute("aria-valuetext")).toMatch(/Nothing follows\.$/);
    await strip().focus();
    const shown = async () =>
      Promise.all([
        strip().getAttribute("aria-valuetext"),
        view.page.locator("#position-layers-0").getAttribute("aria-label"),
        view.page.locator("#position-matrices-cell").innerText(),
        view.page.locator(".positions .token").count(),
      ]);
    const seen = [await shown()];
    for (const [key, to] of [
      ["ArrowLeft", last - 1],
      ["Home", 0],
      ["ArrowRight", 1],
      ["PageDown", undefined],
      ["ArrowUp", undefined],
    ] as const) {
      await view.page.keyboard.press(key);
      if (to !== undefined) expect(await valueOf()).toBe(to);
      seen.push(await shown());
    }
    for (const part of [0, 1, 2]) expect(new Set(seen.slice(0, 4).map((each) => each[part])).size).toBeGreaterThan(2);
    expect(seen[2][3]).toBeLessThan(seen[1][3]);
    expect(seen[3][0]).toMatch(/^Up to token 1, ".*": likeliest next ".*" .* follows, with a loss of \d+\.\d\d\.$/);
    expect(await view.axe()).toEqual([]);
    // what is looked at is kept
    const at = await valueOf();
    await view.reload();
    await view.show(done(moved, "text 1", true));
    expect(await valueOf()).toBe(at);
  });

  test("is exported with the result, and as a table by itself", async () => {
    await view.show(done(document));
    await view.send({ type: "positions", positions: { sample: 0, phase: "done", positions } });
    await button("Export").click();
    await view.settle();
    const exported = async (name: string) => {
      await button(name).click();
      const message = (await view.posted()).at(-1);
      if (message?.type !== "export") throw new Error("nothing was exported");
      return message.content;
    };
    const json = await exported("JSON of the whole result");
    expect((JSON.parse(json) as AnalysisDocument).positions).toEqual(positions);
    await view.page.getByRole("combobox", { name: "Chart to export" }).click();
    await view.page.getByRole("option", { name: "Through the text" }).click();
    const lines = (await exported("CSV")).trim().split("\r\n");
    expect(lines[0]).toMatch(/^Token,Text,Loss of what follows,Likeliest next,Its share,Layer 0,/);
    expect(lines).toHaveLength(1 + positions.at.length);
    expect(await exported("SVG")).toContain("loss of the token that follows each position");
  });

  test("goes by a drag", async () => {
    await view.show(done(moved));
    await strip().scrollIntoViewIfNeeded();
    const box = await strip().boundingBox();
    if (!box) throw new Error("there is no strip");
    const x = (position: number) => box.x + ((position + 0.5) * box.width) / positions.at.length;
    await view.page.mouse.move(x(3), box.y + 20);
    await view.page.mouse.down();
    await view.page.mouse.move(x(4), box.y + 20);
    expect(await valueOf()).toBe(4);
    await view.page.mouse.move(x(7), box.y + 200);
    expect(await valueOf()).toBe(7);
    await view.page.mouse.up();
    await view.page.mouse.move(x(2), box.y + 20);
    expect(await valueOf()).toBe(7);
  });

  test("counts the one token of a text that has one", async () => {
    await view.show(done(analyzed("--text", "A")));
    expect(await view.page.locator(".move-through .note").innerText()).toBe(
      "what the model does at its one token, as if the text ended there",
    );
  });

  test("is not offered of a file whose figures are not of its layers", async () => {
    const damaged = { ...moved, layers: moved.layers.slice(1) };
    await view.show(done(damaged));
    expect(await strip().count()).toBe(0);
  });
});

test.each(Object.keys(themes) as Theme[])("it can be looked at in %s", async (theme) => {
  for (const width of [1000, 480]) {
    const own = await View.open(opened().browser, opened().files, { theme, width });
    await own.show(done(moved));
    await own.page.getByRole("slider", { name: /^Positions/ }).press("ArrowLeft");
    expect(await own.look(`dist/pictures/positions-${theme}-${width}.png`)).toEqual([]);
    await own.page.getByRole("switch", { name: "Through the text as a table" }).click();
    await own.settle();
    expect(await own.axe()).toEqual([]);
    expect(own.problems).toEqual([]);
    await own.close();
  }
});

test("of 128 tokens, 32 layers and 7 matrices a step is drawn once, and only what it changes", async () => {
  const large = deepened(analyzed("samples/science/tides.txt"), 32);
  await view.show(done({ ...large, positions: madeUpPositions(large, 128) }));
  await strip().focus();
  await view.page.keyboard.press("Home");
  const work = await view.page.evaluate<Record<"draws" | "outlines" | "elements" | "changes", number>>(`(async () => {
    const strip = document.querySelector("svg.strip");
    const observer = new MutationObserver(() => undefined);
    observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    for (let i = 0; i < 100; i++)
      strip.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
    const records = observer.takeRecords();
    const count = (is) => records.filter(is).length;
    return {
      draws: count(({ target, attributeName }) => target === strip && attributeName === "aria-valuenow"),
      outlines: count(({ target }) => target.matches?.(".strip path") ?? false),
      elements: records.flatMap(({ addedNodes }) => [...addedNodes]).filter((node) => node instanceof Element).length,
      changes: records.length,
    };
  })()`);
  expect(await valueOf()).toBe(100);
  // of a step the strip's outline stays, one more token is there, and of 32 layers, 224 matrices and 128 tokens few change twice
  expect(work).toMatchObject({ draws: 100, outlines: 0, elements: 100 });
  expect(work.changes / 100).toBeLessThan(32 + 224 + 128);
});
