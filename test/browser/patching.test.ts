import { mkdirSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PatchingDocument } from "../../src/engine/document/document";
import { quoted } from "../../src/format/model-words";
import { formatNumber } from "../../src/format/numbers";
import { carriedSentence } from "../../src/format/patching";
import type { FromPatchingView, PatchingState } from "../../src/pages/patching";
import { bundle, launch, View } from "./harness/harness";
import { commandLine } from "./harness/states";
import { looks } from "./harness/themes";

const folder = "dist/pictures/patching";
let browser: Browser;
let files: { script: string; style: string };
let document: PatchingDocument;
let states: Record<string, PatchingState>;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  [browser, files] = await Promise.all([launch(), bundle("patching")]);
  const patched = (a: string, b: string, ...options: string[]) =>
    commandLine("patch", "--text", a, "--text", b, ...options) as PatchingDocument;
  document = patched("The cat sat on the", "The dog sat on the");
  const about = "In the winter of that year the river rose so high that nobody could cross it, and so the";
  const long = patched(
    `${about} cat sat on the`,
    `${about} dog sat on the`,
    "--site",
    "mlp",
    "--answers",
    " table, do",
  );
  const run = { ...document.run, notes: ["The texts were cut after 64 tokens."] };
  const done = (shown: PatchingDocument) =>
    ({ phase: "done", title: "cat-dog.paramscope", document: shown, saved: true }) as const;
  const title = "lines.txt:1 into lines.txt:2";
  const prompts = { title, a: document.a.text, b: document.b.text, site: "residual" } as const;
  const running = { ...prompts, phase: "running", model: "demo", layers: [] } as const;
  states = {
    empty: { phase: "empty" },
    queued: { ...running, progress: { phase: "queued", done: 0, layers: 0, share: 0 } },
    running: { ...running, progress: { phase: "patch", done: 7, layers: 12, share: 0.4, secondsLeft: 4 } },
    cancelled: { ...prompts, phase: "cancelled", layers: [], layerCount: 12 },
    interrupted: { phase: "interrupted", title, model: "demo", target: undefined },
    refused: {
      phase: "error",
      title,
      kind: "user",
      message:
        'The prompts must have equally many tokens.\nA has 6: "The" " c" "at" " sat" " on" " the"\nB has 3: "The" " c" "at".',
      remedy: "Change one so that token answers token.",
    },
    "same-answer": {
      phase: "error",
      title,
      kind: "user",
      message:
        'Both prompts have the same answer, " table": there is no difference to trace.\nA has 3: "The" " c" "at"\nB has 3: "The" " m" "at".',
      remedy: "Give prompts with different answers, or two answers.",
      settings: ["answers"],
    },
    live: { phase: "done", title, document, saved: false },
    done: done(document),
    long: done(long),
    "without-difference": done({ ...document, grid: null, run }),
    error: {
      phase: "error",
      title: "broken.paramscope",
      kind: "broken-file",
      message: "broken.paramscope is damaged at grid.",
      remedy: "Make it again with paramscope patch.",
    },
  };
});

afterAll(async () => browser.close());

const grid = (view: View) => view.page.getByRole("application", { name: /^Layers down, positions across/ });

const opened = (state: PatchingState) => View.showing(browser, files, state);

describe("the view of activation patching", () => {
  test("says where A's answer is carried, and marks what differs in the prompts", async () => {
    const view = await opened(states.done);
    expect(await view.page.locator(".grid .finding").textContent()).toBe(carriedSentence(document));
    expect(await view.page.locator("dl.prompts mark").allInnerTexts()).toEqual(
      ["c", "at", "do", "g"].map((text) => expect.stringContaining(text) as string),
    );
    expect(view.problems).toEqual([]);
    await view.close();
  });

  test("runs again at another site, with other answers, or the other way round", async () => {
    const view = await opened(states.live);
    const again = async () => {
      await view.page.getByRole("button", { name: "Run again with…" }).click();
      await view.settle();
    };
    const last = async () => (await view.posted<FromPatchingView>()).at(-1);
    const answer = (letter: string) => view.page.getByRole("textbox", { name: `Answer of ${letter}, one token` });
    await again();
    const { a, b } = document.answers;
    expect([await answer("A").inputValue(), await answer("B").inputValue()]).toEqual([a.text, b.text]);
    await view.page.getByRole("combobox", { name: "Patch" }).click();
    await view.page.getByRole("option", { name: "Feed-forward output" }).click();
    await answer("A").fill("");
    await view.page.getByRole("button", { name: "Run", exact: true }).click();
    expect(await view.page.getByRole("alert").textContent()).toContain("Give both answers, or neither");
    await answer("B").fill("");
    await view.page.getByRole("button", { name: "Run", exact: true }).click();
    expect(await last()).toEqual({ type: "runAgain", site: "mlp", swapped: false });
    await again();
    await answer("A").fill(" x");
    await answer("B").fill(" y");
    await view.page.getByRole("button", { name: "Run with B into A" }).click();
    expect(await last()).toEqual({ type: "runAgain", site: "residual", answers: [" y", " x"], swapped: true });
    expect(view.problems).toEqual([]);
    await view.close();
  });

  test("shows both tokenizations where it is refused, and asks for answers where those are what it takes", async () => {
    const view = await opened(states.refused);
    const message = view.page.getByText("The prompts must have equally many tokens.");
    expect((await message.innerText()).split("\n")).toHaveLength(3);
    expect(await view.page.getByRole("button", { name: "Run", exact: true }).count()).toBe(0);
    await view.show(states["same-answer"]);
    await view.page.getByRole("button", { name: "Run", exact: true }).click();
    expect((await view.posted<FromPatchingView>()).at(-1)).toEqual({
      type: "runAgain",
      site: "residual",
      swapped: false,
    });
    await view.close();
  });

  test("walks the grid by keys, opens the next tokens of a place and closes them", async () => {
    const view = await opened(states.done);
    for (const key of ["ArrowDown", "ArrowRight"]) await grid(view).press(key);
    await view.settle();
    const value = formatNumber(document.grid?.[1][1] ?? NaN);
    expect(await view.page.locator("#grid-cell").textContent()).toContain(`${value} of the way from B to A`);
    await grid(view).press("Enter");
    await view.settle();
    const chart = view.page.getByRole("img", { name: /^B with the patch/ });
    const label = (await chart.getAttribute("aria-label")) ?? "";
    const named = [document.nextTokens[1][1], document.a.nextTokens, document.b.nextTokens];
    for (const tokens of named) for (const { text } of tokens) expect(label).toContain(quoted(text));
    expect(await chart.locator("rect").count()).toBe(15);
    await view.page.keyboard.press("Escape");
    await view.settle();
    expect(await view.page.locator(".place").count()).toBe(0);
    expect(await view.page.evaluate("document.activeElement.getAttribute('role')")).toBe("application");
    await view.close();
  });

  test("opens the place under the pointer", async () => {
    const view = await opened(states.done);
    const canvas = view.page.locator("canvas");
    const box = await canvas.boundingBox();
    if (!box) throw new Error("There is no heat map.");
    await canvas.click({ position: { x: box.width - 5, y: box.height - 5 } });
    await view.settle();
    const { layers } = document.model;
    expect(await view.page.locator("#place-title").textContent()).toBe(
      `After the patch in layer ${layers - 1} at " the" (position ${document.b.tokens.length - 1})`,
    );
    await view.close();
  });

  test("shows the grid as a table and exports it", async () => {
    const view = await opened(states.done);
    await view.page.getByRole("switch", { name: "Layers and positions as a table" }).click();
    await view.settle();
    const cells = document.values.length * document.b.tokens.length;
    expect(await view.page.locator(".grid tbody tr").count()).toBe(cells);
    await view.page.getByRole("button", { name: "Export" }).click();
    await view.settle();
    for (const format of ["CSV", "SVG", "JSON of the whole result"])
      await view.page.getByRole("button", { name: format }).click();
    const exported = (await view.posted<FromPatchingView>()).flatMap((message) =>
      message.type === "export" ? [message.content] : [],
    );
    expect(exported[0].split("\r\n")).toHaveLength(1 + cells + 1);
    expect(exported[1].match(/<title>/g)).toHaveLength(cells + 1);
    expect(JSON.parse(exported[2])).toEqual(document);
    await view.close();
  });

  test("shows differences of logits where the two runs do not differ", async () => {
    const view = await opened(states["without-difference"]);
    expect(await view.page.locator(".grid").textContent()).toContain("there is nothing that a patch could bring back");
    expect(await view.page.locator("#grid-cell").textContent()).toContain(
      `: difference of logits ${formatNumber(document.values[0][0])}`,
    );
    expect(await view.page.locator(".grid .finding").count()).toBe(0);
    await view.close();
  });

  test("comes back after a reload as it was", async () => {
    const view = await opened(states.done);
    await grid(view).press("End");
    await grid(view).press("Enter");
    await view.settle();
    const title = await view.page.locator("#place-title").textContent();
    await view.reload();
    await view.show(states.done);
    expect(await view.page.locator("#place-title").textContent()).toBe(title);
    await view.close();
  });
});

test.each(looks(1000, 480))(
  "pictures of all states in $theme, $width pixels wide, and axe-core on each",
  async ({ theme, width }) => {
    const view = await View.open(browser, files, { theme, width });
    const { found, look, lookAtAll } = view.lookout(folder, `${theme}-${width}`);
    await lookAtAll(states);
    await view.show(states.live);
    await view.page.getByRole("button", { name: "Run again with…" }).click();
    await view.settle();
    await look("again");
    await view.show(states.done);
    await view.page.getByRole("button", { name: "Export" }).click();
    await grid(view).press("ArrowRight");
    await grid(view).press("Enter");
    await view.page.getByText("What is this?").first().click();
    await view.settle();
    await look("place");
    for (const name of ["Layers and positions", "After the patch"])
      await view.page.getByRole("switch", { name: new RegExp(`^${name}.* as a table$`) }).click();
    await view.settle();
    await look("tables");
    expect(found).toEqual([]);
    expect(view.problems).toEqual([]);
    await view.close();
  },
);
