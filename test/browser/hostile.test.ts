import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { ResultDocument } from "../../src/engine/document/document";
import { LONGEST_LINE } from "../../src/format/readable";
import { kindOf } from "../../src/kinds/find-kind";
import { reportPage } from "../../src/report/page";
import { hostileDocument } from "../support/hostile-document";
import { unseen, unseenInLine } from "../support/unseen";
import { bundle, readerOfFiles, View } from "./harness/harness";
import { commands, short } from "./harness/commands";
import { nextFile } from "./harness/downloads";
import { commandLine } from "./harness/states";

/* Documents of all kinds whose every string is hostile: their pages and reports say it, and do nothing else with it. */

const HOSTILE =
  "\u202eשלום (12) مرحبا بك: 3, gnp\u2066\u200b\u0007\u001b[2J\u{E0041}\u061c<img src=x onerror=window.pwned=1>[x](command:y)</script>${window.pwned=1}'\"";

const { browser, folder } = readerOfFiles("hostile");

/**
 * All that a page says: its texts, and the attributes that are read to somebody. Of paragraphs that run as they are written the letters from right to left are
 * left out: nothing else stands in them.
 */
const SAID = `(() => {
  const said = [document.title];
  const walk = (root) => {
    for (const node of root.childNodes) {
      if (node.nodeType === Node.TEXT_NODE)
        said.push(node.parentElement?.closest(".flowing") ? node.data.replace(/[\\u0590-\\u08ff]/g, "") : node.data);
      if (node.nodeType !== Node.ELEMENT_NODE || ["SCRIPT", "STYLE"].includes(node.tagName)) continue;
      for (const { name, value } of node.attributes)
        if (["title", "alt", "label", "placeholder"].includes(name) || name.startsWith("aria-")) said.push(value);
      if (node.shadowRoot) walk(node.shadowRoot);
      walk(node);
    }
  };
  walk(document.body);
  return said;
})()`;

async function said(view: View): Promise<string[]> {
  return await view.page.evaluate<string[]>(SAID);
}

/** What is wrong with what a page says now. */
async function faults(view: View): Promise<string[]> {
  const all = await said(view);
  const [pwned, images, wide] = await view.page.evaluate<[boolean, number, number]>(
    "['pwned' in window, document.images.length, document.documentElement.scrollWidth - innerWidth]",
  );
  return [
    ...all.filter((text) => unseenInLine(text).length > 0).map((text) => `not to be seen: ${JSON.stringify(text)}`),
    ...all.filter((text) => text.length > 2 * LONGEST_LINE).map((text) => `too long: ${text.length}`),
    ...(pwned ? ["it ran"] : []),
    ...(images > 0 ? ["it made elements"] : []),
    ...(wide > 0 ? [`${wide} pixels too wide`] : []),
    ...view.problems.splice(0),
  ];
}

/** The file that a button makes; undefined where this chart has none of that kind. */
async function exported(view: View, name: string): Promise<Buffer | undefined> {
  const button = view.page.getByRole("button", { name, exact: true });
  if ((await button.count()) === 0) return undefined;
  await view.page.evaluate("document.getElementById('export-note').textContent = ''");
  const arrives = view.page.waitForEvent("download", { timeout: 60_000 });
  const note = view.page.locator("#export-note:not(:empty)");
  const refused = note.waitFor({ state: "attached", timeout: 60_000 }).then(() => undefined);
  await nextFile();
  await button.click();
  const download = await Promise.race([arrives, refused]);
  for (const other of [arrives, refused]) other.catch(() => undefined);
  if (!download) return undefined;
  expect(download.suggestedFilename()).toMatch(/^[\p{L}\p{N}._, ()·-]+$/u);
  expect(download.suggestedFilename().length).toBeLessThan(256);
  return readFileSync(await download.path());
}

/** The names of a picture's chunks: one that holds a text is none of ours. */
function chunksOf(png: Buffer): string[] {
  const names: string[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) names.push(png.toString("latin1", at + 4, at + 8));
  return names;
}

/** What is wrong with the files that a chart is exported as. */
async function exportFaults(view: View, chart: string): Promise<string[]> {
  const found: string[] = [];
  const csv = await exported(view, "CSV");
  found.push(...unseen(csv?.toString() ?? "\0").map((character) => `${chart}.csv: ${character.codePointAt(0)}`));
  const svg = (await exported(view, "SVG"))?.toString();
  if (svg !== undefined) {
    // the tokens of a text stand one by one, each where it is measured to be
    const lines = svg.replace(/<text [^>]*xml:space[^>]*>[^<]*/g, "");
    found.push(...unseenInLine(lines).map((character) => `${chart}.svg: ${character.codePointAt(0)}`));
    // its letters are for a document of its own: this page's policy takes no other style sheet
    const unstyled = svg.replace(/<style>[^<]*<\/style>/, "");
    const isXml = await view.page.evaluate(
      (text) => new DOMParser().parseFromString(text, "image/svg+xml").querySelector("parsererror") === null,
      unstyled,
    );
    if (!isXml) found.push(`${chart}.svg is no XML`);
    const png = await exported(view, "PNG");
    if (!png) found.push(`${chart} has no PNG`);
    else if (chunksOf(png).some((name) => /text/i.test(name))) found.push(`${chart}.png holds a text`);
  }
  const page = (await exported(view, "HTML"))?.toString();
  if (page !== undefined) {
    found.push(...unseen(page.replace(/\u2068|\u2069/g, "")).map((each) => `${chart}.html: ${each.codePointAt(0)}`));
    const path = join(folder, "exported.html");
    writeFileSync(path, page);
    const opened = await View.openFile(browser(), path);
    const elements = await opened.page.evaluate<string[]>(
      "[...new Set([...document.querySelectorAll('*')].map((element) => element.localName))].sort()",
    );
    expect(elements).toEqual(["body", "h1", "head", "html", "meta", "p", "span", "style", "title"]);
    if (await opened.page.evaluate<boolean>("'pwned' in window")) found.push(`${chart}.html ran`);
    found.push(...opened.problems);
    await opened.page.context().close();
  }
  return found;
}

/** Everything of a page: its charts, the same as tables, and every export of every chart. */
async function lookAtAll(view: View, exports: boolean): Promise<string[]> {
  const found = await faults(view);
  for (const element of await view.page.locator("svg[tabindex='0'], .tokens, canvas[tabindex='0']").all()) {
    await element.focus();
    await view.page.keyboard.press("ArrowRight");
    await element.hover({ force: true });
  }
  await view.settle();
  found.push(...(await faults(view)));
  await view.page.getByRole("button", { name: "Export", exact: true }).click();
  await view.settle();
  found.push(...(await faults(view)));
  const charts = await view.page.evaluate<string[]>(
    "[...document.querySelectorAll('#export-chart vscode-option')].map((option) => option.value)",
  );
  for (const chart of exports ? charts : []) {
    await view.page.evaluate(`document.getElementById("export-chart").value = ${JSON.stringify(chart)}`);
    found.push(...(await exportFaults(view, chart)));
  }
  for (const toggle of await view.page.getByRole("switch", { name: /as a table$/ }).all()) await toggle.click();
  await view.settle();
  found.push(...(await faults(view)));
  return found;
}

/** A run that is under way, and one that was cancelled, with what its page says of what is run. */
function runningStates(page: string): unknown[] {
  const long = `${HOSTILE}${"x".repeat(20_000)}`;
  const about: Readonly<Record<string, unknown>> = {
    comparison: { a: { name: long, beginning: long }, b: { name: HOSTILE, beginning: HOSTILE } },
    domains: { domains: [long, HOSTILE, HOSTILE].map((name) => ({ name, texts: 3 })) },
    patching: { a: long, b: HOSTILE, site: "residual" },
  };
  const run = { title: HOSTILE.repeat(100), model: HOSTILE, layers: [], layerCount: 12, ...(about[page] ?? {}) };
  const progress = { phase: "backward", done: 3, layers: 12, share: 0.5, secondsLeft: 3 };
  return [
    { ...run, phase: "running", progress },
    { ...run, phase: "running", progress: { ...progress, of: "typical texts" } },
    { ...run, phase: "cancelled" },
  ];
}

test("the compression preview of hostile strings", async () => {
  const calibration = commandLine("analyze", "samples/fiction", ...short) as ResultDocument;
  const evaluation = ["--evaluate", "samples/fiction/harbour.txt", "--windows", "2", "--prompt", "The town was"];
  const evaluated = commandLine("prune", "samples/fiction", ...short, ...evaluation) as ResultDocument;
  const [{ document }, { document: pruning }] = await Promise.all(
    [calibration, evaluated].map((each) => hostileDocument(each, (text) => `${HOSTILE}${"x".repeat(5000)}${text}`)),
  );
  const view = await View.open(browser(), await bundle("preview"), { width: 300 });
  const errors = [
    { phase: "error", title: HOSTILE, message: HOSTILE, remedy: HOSTILE, kind: "user" },
    { phase: "error", title: HOSTILE, message: HOSTILE, kind: "model-missing", download: HOSTILE },
    { phase: "interrupted", title: HOSTILE, model: HOSTILE, target: `logit:${HOSTILE}` },
    ...runningStates("preview"),
  ];
  const done = { phase: "done", title: HOSTILE.repeat(100), saved: false };
  for (const state of [...errors, { ...done, document }]) {
    await view.send({ type: "state", state } as never);
    expect(await faults(view)).toEqual([]);
  }
  for (const part of ["evaluation", "export", "curve"])
    for (const state of [...errors, { ...done, document: part === "curve" ? [] : pruning }]) {
      await view.send({ type: "part", part, message: { type: "state", state } } as never);
      expect(await faults(view), part).toEqual([]);
    }
  expect((await said(view)).join("\n")).toContain("⟨U+202E⟩");
  await view.close();
});

describe.each(commands.map((command) => ({ command, name: command.filter((word) => word !== "--text").join(" ") })))(
  "$name",
  ({ command }) => {
    let document: ResultDocument;

    beforeAll(() => {
      document = commandLine(...command) as ResultDocument;
    });

    test("the report of hostile strings", async () => {
      const { document: hostile, places } = await hostileDocument(document, (text) => HOSTILE + text);
      expect(places).toEqual(expect.arrayContaining([".model.name", ".run.version", ".model.path"]));
      const path = join(folder, "written.html");
      const written = reportPage(hostile, "dist/webview");
      expect(unseenInLine(written.replace(/<script[^>]*>[^]*<\/script>|<style>[^]*?<\/style>/g, ""))).toEqual([]);
      writeFileSync(path, written);
      const view = await View.openFile(browser(), path);
      await view.page.getByRole("heading", { level: 1 }).waitFor();
      expect((await said(view)).join("\n")).toContain("⟨U+202E⟩");
      expect(await lookAtAll(view, true)).toEqual([]);
      await view.page.context().close();
    });

    test("the page of the editor, with names that are longer than any line", async () => {
      const { document: hostile } = await hostileDocument(document, (text) => `${HOSTILE}${"x".repeat(20_000)}${text}`);
      const view = await View.open(browser(), await bundle(kindOf(document).page));
      await view.send({
        type: "state",
        state: { phase: "done", title: HOSTILE.repeat(100), document: hostile, saved: true },
      } as never);
      await view.page.getByRole("heading", { level: 1 }).waitFor();
      expect(await lookAtAll(view, false)).toEqual([]);
      for (const state of [
        { phase: "error", title: HOSTILE, message: HOSTILE, remedy: HOSTILE, kind: "broken-file" },
        { phase: "error", title: HOSTILE, message: HOSTILE, kind: "model-missing", download: HOSTILE },
        { phase: "interrupted", title: HOSTILE, model: HOSTILE, target: `logit:${HOSTILE}` },
        ...runningStates(kindOf(document).page),
      ]) {
        await view.send({ type: "state", state } as never);
        expect(await faults(view)).toEqual([]);
      }
      await view.close();
    });
  },
);
