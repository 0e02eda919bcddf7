/// <reference lib="dom" />
import { build } from "esbuild";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import type { CalibrationDocument, ModelsDocument, NeuronsDocument } from "../../../src/engine/document/document";
import type { AnalysisState, FromAnalysisView, ToAnalysisView } from "../../../src/pages/analysis";
import type { BitsState, ToBitsView } from "../../../src/pages/bits";
import type { ShrinkState, ToShrinkView } from "../../../src/pages/shrink";
import type { ComparisonState, ToComparisonView } from "../../../src/pages/comparison";
import type { PairsState, ToPairsView } from "../../../src/pages/pairs";
import type { DomainsState, ToDomainsView } from "../../../src/pages/domains";
import type { FrequencyState, ToFrequencyView } from "../../../src/pages/frequency";
import type { PatchingState, ToPatchingView } from "../../../src/pages/patching";
import type { CalibrationState, ToPreview } from "../../../src/pages/preview";
import type { PruningState, ToPruningView } from "../../../src/pages/pruning";
import type { ResultState } from "../../../src/pages/run";
import { type Theme, themes } from "./themes";

/** Secure, as a webview's is: only there a page may write to the clipboard. */
const origin = "https://view.test";

/** As the extension serves it: nothing remote, no script or style but the view's own. */
const policy = `default-src 'none'; script-src ${origin}; style-src ${origin}; img-src data:`;

const axeCore = readFileSync("node_modules/axe-core/axe.min.js", "utf8");

/** The rules of axe-core that hang on colours. */
const colourRules = ["color-contrast", "link-in-text-block"];

/** Stands in for VS Code: keeps what is posted, and the state over a reload. */
const stub = `window.posted = [];
window.acquireVsCodeApi = () => ({
  // what the page shows is told with every change, in between anything else
  postMessage: (message) => (message.type === "keep" ? (window.keptView = message.view) : window.posted.push(message)),
  getState: () => JSON.parse(sessionStorage.getItem("state") ?? "null") ?? undefined,
  setState: (state) => sessionStorage.setItem("state", JSON.stringify(state)),
});`;

export async function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
}

/** @param view its folder below webview/. */
export async function bundle(view = "analysis"): Promise<{ script: string; style: string }> {
  const { outputFiles } = await build({
    entryPoints: [`webview/${view}/main.ts`],
    bundle: true,
    minify: true,
    format: "iife",
    loader: { ".woff2": "base64" },
    target: "chrome114",
    write: false,
    outdir: "dist/webview",
  });
  const text = (extension: string) => outputFiles.find(({ path }) => path.endsWith(extension))?.text ?? "";
  return { script: text(".js"), style: text(".css") };
}

/** What a page is shown. */
type ShownState =
  | AnalysisState
  | ComparisonState
  | PairsState
  | DomainsState
  | FrequencyState
  | PatchingState
  | PruningState
  | BitsState
  | ShrinkState
  | CalibrationState
  | ResultState<NeuronsDocument | CalibrationDocument | ModelsDocument>;

/** A view in a page of its own. */
export class View {
  readonly problems: string[] = [];

  private constructor(
    readonly page: Page,
    /** Whether another view shows the same in the dark theme, or a file in light, and is looked at for all that colours do not change. */
    private readonly isOtherColours: boolean,
  ) {
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") this.problems.push(message.text());
    });
    page.on("pageerror", (error) => this.problems.push(error.message));
  }

  static async open(
    browser: Browser,
    { script, style }: { script: string; style: string },
    { theme = "dark", width = 1000 }: { theme?: Theme; width?: number } = {},
  ): Promise<View> {
    const page = await browser.newPage({ viewport: { width, height: 800 } });
    const view = new View(page, theme !== "dark");
    const html = readFileSync(join(import.meta.dirname, "page.html"), "utf8");
    await page.route("**/*", async (route) => {
      const { pathname } = new URL(route.request().url());
      const [contentType, body] =
        pathname === "/view.js"
          ? ["text/javascript", script]
          : pathname === "/view.css"
            ? ["text/css", style]
            : ["text/html", html];
      await route.fulfill({ contentType, body, headers: { "content-security-policy": policy } });
    });
    const { class: name, variables } = themes[theme];
    await page.addInitScript(`${stub}
      document.addEventListener("DOMContentLoaded", () => {
        document.body.className = ${JSON.stringify(name)};
        for (const [key, value] of Object.entries(${JSON.stringify(variables)})) document.documentElement.style.setProperty(key, value);
      });`);
    await page.goto(`${origin}/`);
    return view;
  }

  /** A view in which `state` is shown. */
  static async showing(
    browser: Browser,
    files: { readonly script: string; readonly style: string },
    state: ShownState,
  ): Promise<View> {
    const view = await View.open(browser, files);
    await view.show(state);
    return view;
  }

  /** A page without VS Code, opened from its file as its reader would: what it asks the network for is a problem. */
  static async openFile(browser: Browser, path: string, options: BrowserContextOptions = {}): Promise<View> {
    const context = await browser.newContext({ viewport: { width: 1000, height: 800 }, ...options });
    const view = new View(await context.newPage(), options.colorScheme === "dark");
    context.on("request", (request) => {
      if (!/^(file|data|blob):/.test(request.url())) view.problems.push(`asks for ${request.url()}`);
    });
    await view.page.goto(pathToFileURL(path).href);
    return view;
  }

  async send(
    message:
      | ToAnalysisView
      | ToComparisonView
      | ToPairsView
      | ToDomainsView
      | ToFrequencyView
      | ToPatchingView
      | ToPruningView
      | ToBitsView
      | ToShrinkView
      | ToPreview,
  ): Promise<void> {
    // as text: a document is read as data many times faster than as a program
    await this.page.evaluate((text) => {
      window.postMessage(JSON.parse(text) as unknown, "*");
    }, JSON.stringify(message));
    await this.settle();
  }

  async show(state: ShownState): Promise<void> {
    await this.send({ type: "state", state } as ToAnalysisView);
  }

  /** Two frames: what was sent is drawn, the controls have laid themselves out. */
  async settle(): Promise<void> {
    await this.page.evaluate(
      "new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 20))",
    );
  }

  async posted<Message = FromAnalysisView>(): Promise<Message[]> {
    return this.page.evaluate("window.posted");
  }

  /** Takes a picture, and says what axe-core finds and whether the view is wider than its panel. */
  async look(path: string): Promise<string[]> {
    await this.page.screenshot({ path, fullPage: true });
    const overflow = await this.page.evaluate("document.documentElement.scrollWidth - innerWidth");
    return [...(await this.axe()), ...(overflow === 0 ? [] : [`${String(overflow)} pixels too wide`])];
  }

  /** Looks at one state after the other, each a picture of its name; `found` says of which state a problem is. */
  lookout(
    folder: string,
    ending: string,
  ): {
    readonly found: string[];
    readonly look: (name: string) => Promise<void>;
    readonly lookAtAll: (states: Readonly<Record<string, ShownState>>) => Promise<void>;
    readonly lookAtTables: (state: ShownState) => Promise<void>;
  } {
    const found: string[] = [];
    const look = async (name: string): Promise<void> => {
      const problems = [...(await this.look(`${folder}/${name}-${ending}.png`)), ...(await this.symbols())];
      found.push(...problems.map((problem) => `${name}: ${problem}`));
    };
    const lookAtAll = async (states: Readonly<Record<string, ShownState>>): Promise<void> => {
      for (const [name, state] of Object.entries(states)) {
        await this.show(state);
        await look(name);
      }
    };
    /** Every chart as a table, and the drawer to export them. */
    const lookAtTables = async (state: ShownState): Promise<void> => {
      await this.show(state);
      for (const toggle of await this.page.getByRole("switch", { name: /as a table$/ }).all()) await toggle.click();
      await this.page.getByRole("button", { name: "Export", exact: true }).click();
      await this.settle();
      await look("tables");
    };
    return { found, look, lookAtAll, lookAtTables };
  }

  /** Symbols of formulas in what is read first: they stand behind "Details". */
  private async symbols(): Promise<string[]> {
    const text = await this.page.locator("body").innerText();
    return (text.match(/.*(?:‖|Σ|∂|\b(?:L2|KL|nats|rho|Spearman)\b).*/gu) ?? []).map((line) => `a symbol in "${line}"`);
  }

  /** What axe-core finds; in other colours by the rules that hang on them. */
  async axe(): Promise<string[]> {
    if (!(await this.page.evaluate<boolean>("'axe' in window"))) await this.page.evaluate(`${axeCore}; null`);
    const options = {
      resultTypes: ["violations"],
      preload: false,
      ...(this.isOtherColours && { runOnly: colourRules }),
    };
    return this.page.evaluate(
      `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) => violations.map(({ id, help, nodes }) =>
        id + ": " + help + " – " + nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 160) + " " + failureSummary).join(" | ")))`,
    );
  }

  async reload(): Promise<void> {
    await this.page.reload();
  }

  async close(): Promise<void> {
    await this.page.close();
  }
}

/** What tests share that open files: the browser, and a folder for the files. */
export interface Reader {
  /** From the first test on. */
  readonly browser: () => Browser;
  readonly folder: string;
}

/** A browser for the tests of a file, and a folder that is gone with them. @param name what the folder's name has in it. */
export function readerOfFiles(name: string): Reader {
  const folder = mkdtempSync(join(tmpdir(), `paramscope-${name}-`));
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch();
  });

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  return { browser: () => browser, folder };
}

/** What tests of one page share: the browser, and the page's script and style. */
export interface Opened {
  readonly browser: Browser;
  readonly files: { readonly script: string; readonly style: string };
}

/**
 * A view of its own for each test of a file, in one browser; no test may end with a problem in it.
 * @param use is given the view before each test.
 * @returns what is there from the first test on.
 */
export function viewOfEachTest(page: string, use: (view: View) => void): () => Opened {
  let opened: Opened;
  let view: View;

  beforeAll(async () => {
    const [browser, files] = await Promise.all([launch(), bundle(page)]);
    opened = { browser, files };
  });

  afterAll(async () => opened.browser.close());

  beforeEach(async () => {
    view = await View.open(opened.browser, opened.files);
    use(view);
  });

  afterEach(async () => {
    expect(view.problems).toEqual([]);
    await view.close();
  });

  return () => opened;
}
