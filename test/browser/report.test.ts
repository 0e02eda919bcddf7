import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { BrowserContextOptions } from "playwright-core";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import type { AnalysisDocument, ParamscopeDocument } from "../../src/engine/document/document";
import { formatBytes } from "../../src/engine/numbers/bytes";
import { domainsLayers } from "../../src/format/domains";
import { sharesOf } from "../../src/format/bits-grid";
import { scoreInWords } from "../../src/format/shrink";
import { bandsOf, shareIn } from "../../src/format/frequency";
import { formatDensity, formatNumber } from "../../src/format/numbers";
import { readable } from "../../src/format/readable";
import { kindOf } from "../../src/kinds/find-kind";
import { reportPage } from "../../src/report/page";
import { analysis } from "../cli/documents";
import { readerOfFiles, View } from "./harness/harness";
import { commandLine } from "./harness/states";

/* The reports of all kinds of results, opened from their files in a browser that knows nothing of VS Code. */

const pictures = "dist/pictures/report";
const { browser, folder } = readerOfFiles("report");
let view: View;

beforeAll(() => {
  mkdirSync(pictures, { recursive: true });
});

afterEach(async () => {
  expect(view.problems).toEqual([]);
  await view.page.context().close();
});

const button = (name: string | RegExp) => view.page.getByRole("button", { name, exact: true });

async function open(path: string, options: BrowserContextOptions = {}): Promise<void> {
  view = await View.openFile(browser(), path, options);
  if (options.javaScriptEnabled !== false) await view.page.getByRole("heading", { level: 1 }).waitFor();
}

const headingOf = (document: ParamscopeDocument): string => kindOf(document).heading(document);

function written(document: ParamscopeDocument): string {
  const path = join(folder, "written.html");
  writeFileSync(path, reportPage(document, "dist/webview"));
  return path;
}

async function downloaded(name: string | RegExp): Promise<{ readonly name: string; readonly content: Buffer }> {
  const [download] = await Promise.all([view.page.waitForEvent("download"), button(name).click()]);
  return { name: download.suggestedFilename(), content: readFileSync(await download.path()) };
}

/** A column of a chart that is shown as a table. */
async function column(chart: string, index: number): Promise<string[]> {
  await view.page.getByRole("switch", { name: `${chart} as a table`, exact: true }).click();
  const table = view.page.getByRole("region", { name: chart }).getByRole("table");
  return table.locator(`tbody tr > :nth-child(${index + 1})`).allTextContents();
}

const prompts = ["--text", "The river rose in the night", "--text", "The river fell in the night"];
const short = ["--window", "32"];

/** Each kind of result: a command that makes one, and a chart of its page that is a table then, by one of its columns. */
const kinds: readonly { readonly command: readonly string[]; readonly chart: string; readonly column: number }[] = [
  { command: ["analyze", "samples/fiction/harbour.txt"], chart: "Layers", column: 1 },
  { command: ["analyze", "samples/math", "--frequency", ...short, "--max-samples", "8"], chart: "Layers", column: 1 },
  { command: ["compare", ...prompts], chart: "Layers", column: 1 },
  { command: ["pairs", "test/data/stsb-dev-100.tsv", "--limit", "12"], chart: "Layers", column: 1 },
  { command: ["domains", "samples/fiction", "samples/math", ...short], chart: "Layers", column: 2 },
  { command: ["domains", "samples/fiction", "samples/math", "--prune", ...short], chart: "Calibrations", column: 1 },
  { command: ["patch", ...prompts], chart: "Layers and positions", column: 4 },
  { command: ["prune", "samples/fiction", ...short], chart: "Layers", column: 2 },
  {
    command: [
      "quantize",
      "samples/fiction",
      ...short,
      "--evaluate",
      "samples/science/yeast.txt",
      "--compare",
      "uniform",
    ],
    chart: "What takes the room",
    column: 1,
  },
  { command: ["shrink", "samples/fiction", ...short, "--layers", "2"], chart: "Layers that go", column: 2 },
  {
    command: ["neurons", "samples/math", "--window", "16", "--max-samples", "4"],
    chart: "Next tokens that stay",
    column: 1,
  },
  { command: ["compare", "samples/math", "--model-b", "models/demo", ...short], chart: "Activations", column: 1 },
];

/** The figures of that column, as the page writes them. */
function figuresOf(document: ParamscopeDocument): string[] {
  switch (document.format) {
    case "paramscope.analysis":
      return document.layers.map(({ density }) => formatDensity(density));
    case "paramscope.frequency":
      return document.layers.map((layer) => formatDensity(shareIn(layer, bandsOf(document.samples)[0])));
    case "paramscope.comparison":
      return document.layers.map(({ similarity }) => formatNumber(similarity));
    case "paramscope.pairs":
      return document.spearman.layers.map(formatNumber);
    case "paramscope.domains":
      return domainsLayers(document).map(({ medians }) => formatNumber(medians.within));
    case "paramscope.calibration":
      return [document.dense[0], ...document.perplexity.map(([first]) => first)].map(formatNumber);
    case "paramscope.patching":
      return (document.grid ?? document.values).flat().map(formatNumber);
    case "paramscope.pruning":
      return document.layers.map(({ sparsity }) => formatDensity(sparsity));
    case "paramscope.bits":
      return sharesOf(document).map(({ bytes }) => formatBytes(bytes));
    case "paramscope.shrink":
      return document.layers.map(({ score }) => scoreInWords(document, score));
    case "paramscope.neurons":
      return document.curves[0].points.map(({ agreement }) => formatDensity(agreement));
    case "paramscope.models":
      return document.layers.map(({ similarity }) => formatNumber(similarity));
  }
}

describe.each(kinds)("$command.0 $command.1 $command.2 $command.3", ({ command, chart, column: index }) => {
  let document: ParamscopeDocument;
  let path: string;

  beforeAll(() => {
    path = join(folder, "report.html");
    document = commandLine(...command, "--report", path) as ParamscopeDocument;
  });

  test.each(["light", "dark"] as const)("has all of the page, in %s", async (colorScheme) => {
    await open(path, { colorScheme });
    expect(await view.page.title()).toBe(`${headingOf(document)} · ${document.model.name} · Paramscope`);
    await view.settle();
    expect(await view.look(`${pictures}/${document.format.replace("paramscope.", "")}-${colorScheme}.png`)).toEqual([]);
  });

  test("has the figures of the document in its tables, and gives it away whole", async () => {
    await open(path);
    expect(await column(chart, index)).toEqual(figuresOf(document));
    await button("Export").click();
    const { name, content } = await downloaded("JSON of the whole result");
    expect(name).toMatch(/\.json$/);
    // but for where the model is on this machine, which the command may say
    const unplaced = <Model extends { path: string }>(model: Model): Model => ({
      ...model,
      path: basename(model.path),
    });
    const { model } = document;
    const models = document.format === "paramscope.models" ? { modelB: unplaced(document.modelB) } : {};
    const { command, ...run } = document.run;
    expect(command).toContain("paramscope");
    expect(JSON.parse(content.toString())).toEqual({ ...document, run, model: unplaced(model), ...models });
    const table = await downloaded("CSV");
    expect(table.content.toString().split("\r\n").length).toBeGreaterThan(figuresOf(document).length);
  });

  test("offers nothing that only an editor can do", async () => {
    await open(path);
    const forEditors = /Save|Run again|calibration$|in editor|Explain|Compare|preview|Open|log$|model$/;
    expect(await view.page.getByText("Saved result").count()).toBe(0);
    for (const role of ["button", "switch"] as const)
      expect(await view.page.getByRole(role, { name: forEditors }).allTextContents()).toEqual([]);
  });

  test("is a table where no script runs", async () => {
    await open(path, { javaScriptEnabled: false });
    expect(await view.page.locator("h1").textContent()).toBe(headingOf(document));
    const rows = await view.page.locator("tbody tr").count();
    const all = kindOf(document).readable(document).rows.length;
    expect(rows).toBe(all);
    for (const note of document.run.notes) expect(await view.page.locator(".notes").textContent()).toContain(note);
  });
});

describe("the report of an analysis", () => {
  let path: string;
  let document: ParamscopeDocument;

  beforeAll(() => {
    path = join(folder, "analysis.html");
    document = commandLine("analyze", "samples/fiction/harbour.txt", "--report", path) as ParamscopeDocument;
  });

  test("is at any threshold, and so is what it exports", async () => {
    await open(path);
    const share = view.page.getByRole("textbox", { name: "Threshold, as a share of all weights" });
    await share.fill("1 %");
    await share.press("Enter");
    await view.settle();
    expect(await column("Layers", 1)).not.toEqual(figuresOf(document));
    await button("Export").click();
    const { content } = await downloaded("JSON of the whole result");
    expect((JSON.parse(content.toString()) as AnalysisDocument).threshold.share).toBeCloseTo(0.01, 4);
    await button(/^Back to the threshold of the run/).click();
    await view.settle();
    const shown = view.page.getByRole("region", { name: "Layers" }).locator("tbody tr > :nth-child(2)");
    expect(await shown.allTextContents()).toEqual(figuresOf(document));
  });

  test("draws pictures of its charts, and copies its tables", async () => {
    await open(path);
    await button("Export").click();
    expect((await downloaded("SVG")).content.toString()).toMatch(/^<svg /);
    expect((await downloaded("PNG")).content.subarray(1, 4).toString()).toBe("PNG");
    await view.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await column("Layers", 1);
    await button("Copy: Layers").click();
    await view.page.getByText("Copied").waitFor();
    const copied = await view.page.evaluate<string>("navigator.clipboard.readText()");
    expect(copied.split("\n")[0]).toBe("Layer\tDensity\tActive\tWeights\tMean\tNorm\tMaximum\tBeside typical");
  });

  test("opens its links beside it, with nothing of where they were followed", async () => {
    await open(path, { offline: true });
    await view.page.getByText("What is this?").first().click();
    const [other] = await Promise.all([
      view.page.context().waitForEvent("page"),
      view.page.getByRole("link").first().click(),
    ]);
    expect(await other.evaluate("window.opener")).toBeNull();
    expect(view.problems.splice(0)).toEqual(["asks for https://arxiv.org/abs/2405.17799"]);
  });

  test("opens a matrix, without the full profile that only an engine has", async () => {
    await open(path);
    await view.page.getByRole("application").focus();
    await view.page.keyboard.press("Enter");
    await view.page.getByRole("heading", { name: "Layer 0 · q" }).waitFor();
    expect(await view.page.getByText("full profile").count()).toBe(0);
  });

  test("has a light page where it is printed", async () => {
    await open(path, { colorScheme: "dark" });
    writeFileSync(`${pictures}/analysis.pdf`, await view.page.pdf());
    await view.page.emulateMedia({ media: "print" });
    const background = await view.page.evaluate("getComputedStyle(document.body).backgroundColor");
    expect(background).toBe("rgb(255, 255, 255)");
  });
});

const hostile =
  "</script><script>window.pwned = 1</script><!-- <script> --> </style></title> ${window.pwned = 1} `\u2028\u2029\u0001\u001b\u202e\u2066 &lt; \" ' \\u003c";

describe("a hostile result", () => {
  const tiny = analysis([hostile]);
  const document: ParamscopeDocument = {
    ...tiny,
    model: { ...tiny.model, name: hostile },
    run: { ...tiny.run, version: hostile, notes: [hostile] },
    samples: tiny.samples.map((sample) => ({
      ...sample,
      text: hostile,
      tokens: [{ id: 1, text: hostile, start: 0, end: hostile.length, saliency: 1 }],
    })),
  };

  test("is text", async () => {
    await open(written(document));
    expect(await view.page.locator("h1").textContent()).toBe(readable(hostile));
    expect(await view.page.locator(".notes li").textContent()).toBe(readable(hostile));
    expect(await view.page.locator(".tokens").textContent()).toBe(readable(hostile));
    expect(await view.page.title()).toContain("</script><script>window.pwned = 1</script><!--");
    expect(await view.page.evaluate("['pwned' in window, document.scripts.length]")).toEqual([false, 2]);
  });

  test("is text where no script runs", async () => {
    await open(written(document), { javaScriptEnabled: false });
    expect(await view.page.locator("h1").textContent()).toBe(readable(hostile));
    expect(await view.page.locator(".notes li").textContent()).toBe(readable(hostile));
  });
});

test("colours that the system gives its own in place of ours leave the tints of a text", async () => {
  const path = join(folder, "forced.html");
  commandLine("analyze", "--text", "The river rose in the night", "--report", path);
  await open(path, { forcedColors: "active", colorScheme: "dark" });
  // the computed background is ours even where the system's is painted: what decides is whether it may be replaced
  const replaced = await view.page.evaluate<string[]>(
    "[...document.querySelectorAll('.text .token')].map((token) => getComputedStyle(token).forcedColorAdjust)",
  );
  expect(new Set(replaced)).toEqual(new Set(["none"]));
});

test("of a text of one token the heading says that it is one", async () => {
  const path = join(folder, "one.html");
  commandLine("analyze", "--text", "A", "--report", path);
  await open(path);
  expect(await view.page.locator("header").first().innerText()).toMatch(/\b1 token\b/);
});
