import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { ParamscopeDocument } from "../../src/engine/document/document";
import { reportPage } from "../../src/report/page";
import { nextFile } from "./harness/downloads";
import { readerOfFiles, View } from "./harness/harness";
import { pruned, withCurve } from "./harness/pruning-states";
import { commandLine } from "./harness/states";
import { problemsOf } from "./harness/printed";

/* Every chart of every kind as it is exported for paper, at every width, from reports that are read in the dark. */

const pictures = "dist/pictures/print";
const { browser, folder } = readerOfFiles("print");
let reader: Page;

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  reader = await browser().newPage();
});

const sizes = {
  "85mm": { pixels: 1004, width: "85mm" },
  "174mm": { pixels: 2055, width: "174mm" },
  slide: { pixels: 1920, width: "1920px" },
} as const;

/** Charts without axes. */
const noAxes = ["text", "text-a", "text-b"];
/** Charts that are tables alone. */
const noPicture = ["pool", "calibrations", "evaluations"];

const prompts = ["--text", "The river rose in the night", "--text", "The river fell in the night"];
const short = ["--window", "32"];

interface Kind {
  readonly kind: string;
  readonly command: readonly string[];
  /** Where no command makes it as it is to be: the result. */
  readonly document?: () => ParamscopeDocument;
  /** The charts that it has, and what is opened before. */
  readonly charts: readonly string[];
  readonly opens?: string;
}

const kinds: readonly Kind[] = [
  {
    kind: "analysis",
    command: ["analyze", "samples/fiction/harbour.txt", "--positions"],
    charts: ["layers", "matrices", "positions", "text"],
  },
  {
    kind: "matrix",
    command: ["analyze", "samples/fiction/harbour.txt"],
    charts: ["matrix", "image", "text"],
    opens: "Matrices",
  },
  {
    kind: "experts",
    command: ["analyze", "samples/fiction/harbour.txt", "--model", "test/fixtures/qwen3_moe", ...short],
    charts: ["layers", "matrices", "experts", "text"],
  },
  {
    kind: "frequency",
    command: ["analyze", "samples/math", "--frequency", ...short, "--max-samples", "8"],
    charts: ["layers", "distribution", "clustering"],
  },
  {
    kind: "counted-experts",
    command: ["analyze", "samples/fiction", "--frequency", "--max-samples", "6", "--model", "test/fixtures/qwen3_moe"],
    charts: ["layers", "experts", "distribution", "clustering"],
  },
  {
    kind: "compared-experts",
    command: ["compare", ...prompts, "--model", "test/fixtures/qwen3_moe"],
    charts: ["curves", "next", "matrices", "experts", "text-a", "text-b"],
  },
  {
    kind: "comparison",
    command: ["compare", ...prompts],
    charts: ["curves", "next", "matrices", "text-a", "text-b"],
  },
  {
    kind: "heads",
    command: ["compare", ...prompts],
    charts: ["curves", "next", "matrix", "text-a", "text-b"],
    opens: "Matrices",
  },
  {
    kind: "pairs",
    command: ["pairs", "test/data/stsb-dev-100.tsv", "--limit", "12"],
    charts: ["scatter", "pair", "standings", "rho"],
  },
  {
    kind: "domains",
    command: ["domains", "samples/fiction", "samples/math", ...short],
    charts: ["layers", "domains", "overlap", "neurons", "density"],
  },
  {
    kind: "calibration",
    command: ["domains", "samples/fiction", "samples/math", "--prune", ...short],
    charts: ["study", "calibrations", "evaluations"],
  },
  {
    kind: "choice",
    command: [
      "domains",
      "samples/fiction",
      "--prune",
      ...short,
      "--windows",
      "4",
      "--pool",
      "samples",
      "--choose",
      "4",
    ],
    charts: ["choice", "pool", "calibrations", "evaluations"],
  },
  { kind: "patching", command: ["patch", ...prompts], charts: ["grid", "place"], opens: "Layers and positions" },
  { kind: "pruning", command: ["prune", "samples/fiction", ...short], charts: ["layers", "matrices"] },
  {
    kind: "curve",
    command: [],
    document: () => withCurve(pruned("samples/fiction", "--evaluate", "samples/fiction/harbour.txt")),
    charts: ["layers", "matrices", "curve"],
  },
  {
    kind: "bits",
    command: [
      "quantize",
      "samples/fiction",
      ...short,
      "--evaluate",
      "samples/science/yeast.txt",
      "--compare",
      "uniform",
    ],
    charts: ["formats", "share", "ways"],
  },
  {
    kind: "shrink",
    command: [
      "shrink",
      "samples/fiction",
      ...short,
      "--layers",
      "2",
      "--evaluate",
      "samples/science/yeast.txt",
      "--compare",
      "last,random",
    ],
    charts: ["layers", "ways"],
  },
  {
    kind: "neurons",
    command: ["neurons", "samples/math", "--window", "16", "--max-samples", "4"],
    charts: ["agreement", "divergence", "layers"],
  },
  {
    kind: "models",
    command: ["compare", "samples/math", "--model-b", "models/demo", ...short],
    charts: ["change", "matrices", "activations", "predictions"],
  },
];

test.each(kinds)("$kind", async ({ kind, command, document, charts, opens }) => {
  const path = join(folder, `${kind}.html`);
  const shown = document ? document() : (commandLine(...command) as ParamscopeDocument);
  writeFileSync(path, reportPage(shown, "dist/webview"));
  const view = await View.openFile(browser(), path, { colorScheme: "dark" });
  const { page } = view;
  await page.getByRole("heading", { level: 1 }).waitFor();
  if (opens !== undefined) {
    await page.getByRole("region", { name: opens }).getByRole("application").first().focus();
    await page.keyboard.press("Enter");
    await view.settle();
  }
  await page.getByRole("button", { name: "Export", exact: true }).click();
  await view.settle();
  const choose = async (list: string, value: string) =>
    page.evaluate(`document.getElementById(${JSON.stringify(list)}).value = ${JSON.stringify(value)}`);
  const exported = async (format: string) => {
    await nextFile();
    const [download] = await Promise.all([
      page.waitForEvent("download", { timeout: 5000 }),
      page.getByRole("button", { name: format, exact: true }).click(),
    ]);
    return { name: download.suggestedFilename(), content: readFileSync(await download.path()) };
  };
  const offered = await page.evaluate<string[]>(
    `[...document.querySelectorAll("#export-chart vscode-option")].map(({ value }) => value)`,
  );
  expect(offered).toEqual(charts);
  const found: string[] = [];
  for (const chart of charts.filter((name) => !noPicture.includes(name))) {
    await choose("export-chart", chart);
    for (const [size, { pixels, width }] of Object.entries(sizes)) {
      await choose("export-width", size);
      const { name, content } = await exported("SVG");
      const svg = content.toString();
      writeFileSync(`${pictures}/${kind}-${chart}-${size}.svg`, svg);
      expect(name).toMatch(/^[\p{L}\p{N}-]+\.svg$/u);
      expect(name.endsWith(`-${chart}-${size}.svg`)).toBe(true);
      const own = await problemsOf(reader, svg);
      if (!svg.includes(` width="${width}"`)) own.push("is not as wide as was chosen");
      const axes = noAxes.includes(chart) ? [] : (["up", "across"] as const);
      for (const axis of axes)
        if (!new RegExp(`data-axis="${axis}"[^>]*>[^<]+<`).test(svg)) own.push(`names no axis ${axis}`);

      const png = await exported("PNG");
      expect(png.name).toBe(name.replace(/svg$/, "png"));
      writeFileSync(`${pictures}/${kind}-${chart}-${size}.png`, png.content);
      if (png.content.readUInt32BE(16) !== pixels) own.push(`has ${png.content.readUInt32BE(16)} pixels`);
      // 300 to an inch are 11,811 to a metre, and 1 says that it is of metres
      const said = png.content.indexOf("pHYs");
      const perMetre = said < 0 ? [] : [png.content.readUInt32BE(said + 4), png.content.readUInt32BE(said + 8)];
      const expected = size === "slide" ? [] : [11811, 11811];
      if (String(perMetre) !== String(expected)) own.push(`says ${String(perMetre)} pixels to a metre`);
      const decoded = await reader.evaluate(async (base64) => {
        const image = new Image();
        image.src = `data:image/png;base64,${base64}`;
        await image.decode();
        return image.naturalWidth;
      }, png.content.toString("base64"));
      if (decoded !== pixels) own.push("is no PNG");
      found.push(...own.map((problem) => `${chart} ${size}: ${problem}`));
    }
  }
  expect(found).toEqual([]);
  expect(view.problems).toEqual([]);
  await page.context().close();
});
