import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";

import { ScoringClient } from "../../src/wire/client";
import type { App } from "../../src/views/app";
import { Panels } from "../../src/views/panels";
import { ResultsStore } from "../../src/views/results-store";
import { ResultsTree } from "../../src/views/results-tree";
import { SavedEditor } from "../../src/views/saved-editor";
import { ShownResults } from "../../src/views/shown-results";
import { UnfinishedRuns } from "../../src/views/unfinished-runs";
import { reportPage } from "../../src/report/page";
import type * as list from "../../src/kinds/kinds";
import { parseDocument } from "../../src/kinds/parse-document";
import { settings } from "../scoring/support";
import { Panel, panels, serializers, Uri } from "../support/vscode";
import { tokensKind } from "./kind";
import { buildWorker } from "./worker";

vi.mock("../../src/kinds/kinds", async (original) => {
  const { kinds } = await original<typeof list>();
  const { tokensKind } = await import("./kind");
  return { kinds: [...kinds, tokensKind] };
});

/*
 * What a tenth kind takes: a file each for the editor and for the scoring process, a page, and a line in each of two lists, which are
 * all of `src` that is touched here. It runs, streams, is kept, saved, opened again, and restored after the window was loaded again.
 */

let folder: string;
let scoring: ScoringClient;
const memory = new Map<string, unknown>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "paramscope-tenth-"));
  await mkdir(join(folder, "dist/webview"), { recursive: true });
  // A file that is no result is shown as an analysis that is not there.
  for (const page of ["tokens", "analysis"]) {
    await writeFile(join(folder, `dist/webview/${page}.js`), `${page}()`);
    await writeFile(join(folder, `dist/webview/${page}.css`), `.${page} {}`);
  }
  await buildWorker(join(folder, "dist/worker.cjs"));
  scoring = new ScoringClient({ worker: join(folder, "dist/worker.cjs"), log: () => undefined });
});

afterAll(async () => {
  scoring.dispose();
  await rm(folder, { recursive: true });
});

/** The extension as a window has it: what it keeps is what the window before it kept. */
function windowOf(confirm = true) {
  const context = {
    extensionUri: Uri.file(folder),
    storageUri: Uri.file(join(folder, "storage")),
    subscriptions: [] as { dispose(): void }[],
    workspaceState: {
      get: (key: string, otherwise: unknown) => memory.get(key) ?? otherwise,
      update: (key: string, value: unknown) => Promise.resolve(void memory.set(key, value)),
    },
  };
  const all = new Panels(() => app);
  const app = {
    context,
    scoring,
    log: { error: () => undefined, warn: (line: string) => expect.unreachable(line) },
    results: new ResultsStore(context as never),
    unfinished: new UnfinishedRuns(context as never),
    shown: new ShownResults(),
    status: { show: () => undefined },
    models: { currentName: "demo" },
    tints: { onDidChange: () => ({ dispose: () => undefined }), shows: () => false },
    settings: () => Promise.resolve(settings),
    confirm: (_: unknown, __: unknown, settings: unknown) => Promise.resolve(confirm ? settings : undefined),
    begin: () => ({ update: () => undefined, end: () => undefined }),
    failure: (error: Error) => ({ kind: "crash", message: error.message }),
  } as unknown as App;
  Object.assign(app, { run: all.run.bind(all), open: all.show.bind(all) });
  all.register();
  return { app, close: () => context.subscriptions.forEach((one) => one.dispose()) };
}

/** Opens the page of a panel, as VS Code does when the panel is shown. */
function opened(panel: Panel | undefined): Panel {
  if (!panel) throw new Error("no panel was opened");
  panel.say({ type: "ready" });
  return panel;
}

const asked = {
  title: "a.txt",
  origins: [],
  texts: [{ source: "a.txt", text: "The cat sat on the mat." }],
  notes: ["One file was left out."],
  step: 4,
};

beforeEach(() => {
  panels.length = 0;
});

describe("a tenth kind", () => {
  test("runs in the scoring process, streams, and is kept", async () => {
    const { app } = windowOf();
    const running = app.run(tokensKind, asked);
    const panel = opened(panels.at(0));
    expect([panel.viewType, panel.title]).toEqual(["paramscope.tokens", "Tokens: a.txt"]);
    expect(panel.webview.html).toContain("tokens()");
    await running;
    const layers = panel.told.flatMap((message) => ("layer" in message ? [message.layer] : []));
    expect(layers).toEqual([11, 7, 3].map((layer) => ({ layer, counted: expect.any(Number) as number })));
    expect(panel.state).toMatchObject({
      phase: "done",
      document: { format: "paramscope.tokens", run: { notes: asked.notes }, texts: [{ source: "a.txt" }] },
    });
    const [entry] = await app.results.entries();
    expect(entry).toMatchObject({ title: "a.txt", format: "paramscope.tokens", target: "tokens" });
    const item = new ResultsTree(app.results).getTreeItem(entry);
    expect(item).toMatchObject({ contextValue: "result.tokens", iconPath: { id: "symbol-string" } });
    expect(item.tooltip).toContain("Tokens: a.txt");
  });

  test("is opened from the history, and run again as its page asks", async () => {
    const { app } = windowOf();
    const [entry] = await app.results.entries();
    expect(await app.open(entry)).toBe(true);
    const panel = opened(panels.at(0));
    expect(panel.state?.phase).toBe("done");
    panel.say({ type: "runAgain", step: 12 });
    await vi.waitFor(() => expect(panel.told.filter((message) => "layer" in message)).toHaveLength(1));
    await vi.waitFor(() => expect(panel.state?.phase).toBe("done"));
  });

  test("is restored after the window was loaded again, or offered where its run was not done", async () => {
    const before = windowOf();
    await before.app.run(tokensKind, { ...asked, title: "b.txt" });
    const restored = new Panel("paramscope.tokens", "Tokens: b.txt");
    windowOf();
    await serializers.get("paramscope.tokens")?.deserializeWebviewPanel(restored);
    expect(opened(restored).state).toMatchObject({ phase: "done", title: "b.txt" });

    const closing = windowOf();
    closing.app.unfinished.begin("Tokens: c.txt", { format: "paramscope.tokens", asked, modelName: "demo" });
    closing.close();
    closing.app.unfinished.end("Tokens: c.txt");
    await vi.waitFor(async () => expect(await closing.app.unfinished.find("Tokens: c.txt")).toBeDefined());
    const interrupted = new Panel("paramscope.tokens", "Tokens: c.txt");
    windowOf();
    await serializers.get("paramscope.tokens")?.deserializeWebviewPanel(interrupted);
    expect(opened(interrupted).state).toMatchObject({ phase: "interrupted", title: "a.txt", model: "demo" });
    interrupted.say({ type: "tryAgain" });
    await vi.waitFor(() => expect(interrupted.state?.phase).toBe("done"));
  });

  test("is not run when the user does not want to pay what it costs", async () => {
    const { app } = windowOf(false);
    const running = app.run(tokensKind, { ...asked, title: "d.txt" });
    await running;
    expect(opened(panels.at(0)).state?.phase).toBe("cancelled");
  });

  test("is reported by its page", async () => {
    const { app } = windowOf();
    const [{ id }] = await app.results.entries();
    const document = await app.results.load(id);
    if (!document) throw new Error("it was not kept");
    const report = reportPage(document, join(folder, "dist/webview"));
    expect(report).toContain("<title>1 texts · demo · Paramscope</title>");
    expect(report).toContain("<script>tokens()</script>");
    expect(report).toContain('"format":"paramscope.tokens"');
    expect(report).toContain("<h2>Table of texts</h2>");
  });

  test("opens from a saved file, and a damaged one says where", async () => {
    const { app } = windowOf();
    const [{ id }] = await app.results.entries();
    const json = await readFile(join(folder, "storage/results", `${id}.paramscope`), "utf8");
    await expect(parseDocument(json, "saved")).resolves.toMatchObject({ format: "paramscope.tokens" });
    const shownAs = async (text: string): Promise<Panel> => {
      const panel = new Panel("paramscope.saved", "saved.paramscope");
      const file = { uri: Uri.file(join(folder, "saved.paramscope")), getText: () => text };
      await new SavedEditor(() => app).resolveCustomTextEditor(file as never, panel as never);
      return opened(panel);
    };
    expect((await shownAs(json)).state).toMatchObject({ phase: "done", saved: true });
    expect((await shownAs(json.replace('"tokens":', '"counts":'))).state).toMatchObject({
      phase: "error",
      message: expect.stringContaining("saved.paramscope is damaged at texts[0].tokens") as string,
    });
  });
});
