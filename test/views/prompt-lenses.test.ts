import { beforeEach, describe, expect, test, vi } from "vitest";

import { promptLanguages } from "../../src/editor/prompts/prompts";
import { settingDefaults } from "../../src/editor/setting-table";
import type { NextTokens } from "../../src/engine/run/next-token";
import type { Subject } from "../../src/kinds/asked";
import { PromptLenses } from "../../src/views/prompt-lenses";
import { EventEmitter } from "../support/vscode";

/* What stands above prompts in an editor, before and after it was clicked. */

const editor = vi.hoisted(() => ({
  settings: new Map<string, unknown>(),
  folders: [] as { uri: { scheme: string } }[],
  configured: undefined as ((event: { affectsConfiguration: () => boolean }) => void) | undefined,
  selectors: [] as { language?: string; pattern?: string }[],
}));

vi.mock("vscode", async () => {
  const vscode = await import("../support/vscode");
  return {
    ...vscode,
    Range: class {
      constructor(
        readonly start: unknown,
        readonly end: unknown,
      ) {}
    },
    CodeLens: class {
      constructor(
        readonly range: unknown,
        readonly command: unknown,
      ) {}
    },
    languages: {
      registerCodeLensProvider: (selectors: typeof editor.selectors) => {
        editor.selectors = selectors;
        return { dispose: () => undefined };
      },
    },
    workspace: {
      ...vscode.workspace,
      get workspaceFolders() {
        return editor.folders;
      },
      getConfiguration: () => ({ get: (name: string, value: unknown) => editor.settings.get(name) ?? value }),
      onDidChangeConfiguration: (told: typeof editor.configured) => {
        editor.configured = told;
        return { dispose: () => undefined };
      },
    },
  };
});

const PROMPT = "The cat sat on the";
const next: NextTokens = {
  tokens: [
    { id: 1, text: " mat", probability: 0.31 },
    { id: 2, text: " $(flame)\u202e", probability: 0.05 },
  ],
  isCut: false,
};

/** The side of the app that lenses see, and what they were told. */
function setUp() {
  const promptA = { subject: undefined as Subject | undefined, changes: new EventEmitter<void>() };
  const models = { currentName: "demo", changes: new EventEmitter<void>() };
  const runs: { texts: string[]; settle: (result?: NextTokens) => void; fail: () => void; signal: AbortSignal }[] = [];
  const cancels: (() => void)[] = [];
  const app = {
    promptA: {
      get subject() {
        return promptA.subject;
      },
      onDidChange: promptA.changes.event,
    },
    models: { currentName: models.currentName, onDidChange: models.changes.event },
    begin: (cancel: () => void) => {
      cancels.push(cancel);
      return { update: () => undefined, end: () => cancels.splice(cancels.indexOf(cancel), 1) };
    },
    settings: () => Promise.resolve({}),
    scoring: {
      nextTokens: ({ text }: { text: { text: string } }, _listener: unknown, signal: AbortSignal) =>
        new Promise<NextTokens>((resolve, reject) => {
          const fail = (): void => reject(new Error("cancelled"));
          signal.addEventListener("abort", fail);
          runs.push({ texts: [text.text], settle: (result = next) => resolve(result), fail, signal });
        }),
    },
  };
  const lenses = new PromptLenses(() => app as never);
  lenses.register();
  const changes = { count: 0 };
  lenses.onDidChangeCodeLenses(() => changes.count++);
  return { lenses, promptA, models, runs, cancels, changes };
}

const subject = (text: string): Subject => ({
  title: "a.prompt:1",
  texts: [{ source: "a.prompt", text }],
  notes: [],
  origins: [],
});

interface Shown {
  readonly range: { readonly start: number };
  readonly command: { title: string; tooltip: string; command: string; arguments: unknown[] };
}

function lensesOf(
  lenses: PromptLenses,
  text: string,
  { path = "/a.prompt", scheme = "file", language = "prompt" } = {},
) {
  const document = {
    uri: { scheme, path, toString: () => `${scheme}://${path}` },
    languageId: language,
    getText: () => text,
    positionAt: (offset: number) => offset,
  };
  return lenses.provideCodeLenses(document as never) as unknown as Shown[];
}

const titles = (lenses: readonly Shown[]) => lenses.map(({ command }) => command.title);

beforeEach(() => {
  editor.settings.clear();
  editor.folders = [];
});

describe("above a prompt", () => {
  test("stand what it can be asked, and nothing was run", () => {
    const { lenses, runs } = setUp();
    const shown = lensesOf(lenses, `---\nname: x\n---\n${PROMPT}\n`);
    expect(titles(shown)).toEqual(["Next token", "Explain", "Mark as prompt A"]);
    expect(shown.map(({ range }) => range.start)).toEqual([16, 16, 16]);
    expect(shown[1]?.command).toMatchObject({
      command: "paramscope.explainPrompt",
      arguments: [{ uri: "file:///a.prompt", from: 16, to: 16 + PROMPT.length }],
    });
    for (const { command } of shown) expect(command.tooltip).toMatch(/^Paramscope: /);
    expect(runs).toEqual([]);
  });

  test("comparing is offered while there is a prompt A, but not of itself", () => {
    const { lenses, promptA, changes } = setUp();
    promptA.subject = subject("Another prompt.");
    promptA.changes.fire();
    expect(changes.count).toBe(1);
    const shown = lensesOf(lenses, PROMPT);
    expect(titles(shown)).toEqual(["Next token", "Explain", "Compare with prompt A"]);
    expect(shown[2]?.command.command).toBe("paramscope.comparePrompt");
    promptA.subject = subject(PROMPT);
    expect(titles(lensesOf(lenses, PROMPT))).toEqual(["Next token", "Explain"]);
  });

  test("a name of foreign origin is text", () => {
    const { lenses, promptA } = setUp();
    promptA.subject = { ...subject("x"), title: "$(flame)\u202e.prompt" };
    expect(lensesOf(lenses, PROMPT)[2]?.command.tooltip).toBe(
      "Paramscope: how alike this prompt and $ (flame)⟨U+202E⟩.prompt are to the model",
    );
  });
});

describe("the next token", () => {
  test("is read once after a click, and stays above the prompt", async () => {
    const { lenses, runs, cancels } = setUp();
    const run = lenses.predict(subject(PROMPT));
    void lenses.predict(subject(PROMPT));
    expect(titles(lensesOf(lenses, PROMPT))[0]).toBe("Next token: reading…");
    await vi.waitFor(() => expect(runs.map(({ texts }) => texts)).toEqual([[PROMPT]]));
    expect(cancels).toHaveLength(1);
    runs[0]?.settle();
    await run;
    expect(cancels).toEqual([]);
    const [shown] = lensesOf(lenses, PROMPT);
    expect(shown?.command.title).toBe('Next token: " mat" 31 %');
    expect(shown?.command.tooltip).toBe(
      'Paramscope: demo expects behind this text: " mat" 31 %, " $ (flame)⟨U+202E⟩" 5 %',
    );
    expect(titles(lensesOf(lenses, `${PROMPT} mat`))[0]).toBe("Next token");
  });

  test("says where only the end of a text was read", async () => {
    const { lenses, runs } = setUp();
    const run = lenses.predict(subject(PROMPT));
    await vi.waitFor(() => expect(runs).toHaveLength(1));
    runs[0]?.settle({ tokens: next.tokens.slice(0, 1), isCut: true });
    await run;
    expect(lensesOf(lenses, PROMPT)[0]?.command.tooltip).toBe(
      'Paramscope: demo expects behind the end of this text, which is longer than a window: " mat" 31 %',
    );
  });

  test("is forgotten with the model, and with how texts are read", async () => {
    const { lenses, models, runs } = setUp();
    for (const change of [
      () => models.changes.fire(),
      () => editor.configured?.({ affectsConfiguration: () => true }),
    ]) {
      const run = lenses.predict(subject(PROMPT));
      await vi.waitFor(() => expect(runs).toHaveLength(1));
      runs.pop()?.settle();
      await run;
      expect(titles(lensesOf(lenses, PROMPT))[0]).toContain("mat");
      change();
      expect(titles(lensesOf(lenses, PROMPT))[0]).toBe("Next token");
    }
  });

  test("of a model that is not chosen any more is not shown", async () => {
    const { lenses, models, runs } = setUp();
    const run = lenses.predict(subject(PROMPT));
    await vi.waitFor(() => expect(runs).toHaveLength(1));
    models.changes.fire();
    runs[0]?.settle();
    await run;
    expect(titles(lensesOf(lenses, PROMPT))[0]).toBe("Next token");
  });

  test("can be cancelled, and asked for again", async () => {
    const { lenses, runs, cancels } = setUp();
    const run = lenses.predict(subject(PROMPT));
    await vi.waitFor(() => expect(runs).toHaveLength(1));
    cancels[0]?.();
    await expect(run).rejects.toThrow("cancelled");
    expect(titles(lensesOf(lenses, PROMPT))[0]).toBe("Next token");
    expect(cancels).toEqual([]);
  });
});

describe("nothing stands", () => {
  test("in code and notebooks, unless it is asked for", () => {
    const { lenses } = setUp();
    const code = `p = """${PROMPT}, and on everything else in the house."""`;
    const cell = { scheme: "vscode-notebook-cell", path: "/a.ipynb", language: "markdown" };
    expect(settingDefaults["codeLens.code"] || settingDefaults["codeLens.notebooks"]).toBe(false);
    expect(lensesOf(lenses, code, { path: "/a.py", language: "python" })).toEqual([]);
    expect(lensesOf(lenses, PROMPT, cell)).toEqual([]);
    editor.settings.set("codeLens.code", true).set("codeLens.notebooks", true);
    expect(lensesOf(lenses, code, { path: "/a.py", language: "python" })).toHaveLength(3);
    expect(lensesOf(lenses, PROMPT, cell)).toHaveLength(3);
  });

  test("above prompts, where that is turned off", () => {
    const { lenses } = setUp();
    editor.settings.set("codeLens.prompts", false);
    expect(lensesOf(lenses, PROMPT)).toEqual([]);
  });

  test("in what the editor or an extension wrote, but in virtual folders of the workspace", () => {
    const { lenses } = setUp();
    for (const scheme of ["output", "git", "memory"]) expect(lensesOf(lenses, PROMPT, { scheme })).toEqual([]);
    editor.folders = [{ uri: { scheme: "memory" } }];
    expect(lensesOf(lenses, PROMPT, { scheme: "memory" })).toHaveLength(3);
    expect(lensesOf(lenses, PROMPT, { scheme: "untitled" })).toHaveLength(3);
  });
});

test("the editor asks for what stands above texts of every language that has prompts", () => {
  setUp();
  const asked = editor.selectors.flatMap(({ language }) => language ?? []);
  expect(asked).toEqual(expect.arrayContaining([...promptLanguages]));
});
