import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { NextTokens } from "../../src/engine/run/next-token";
import { LivePrompts } from "../../src/views/live-prompts";
import { EventEmitter } from "../support/vscode";

/* What an editor shows of a prompt while somebody types in it: nothing unless it is wanted, and nothing before they rest. */

interface Placed {
  readonly range: { readonly start: number; readonly end: number };
  readonly renderOptions?: { readonly after: { readonly contentText: string } };
}

const editor = vi.hoisted(() => ({
  settings: new Map<string, unknown>(),
  typed: undefined as ((event: { document: unknown; contentChanges: readonly unknown[] }) => void) | undefined,
  configured: undefined as ((event: { affectsConfiguration: () => boolean }) => void) | undefined,
  active: undefined as object | undefined,
  said: [] as string[],
}));

vi.mock("vscode", async () => {
  const vscode = await import("../support/vscode");
  const never = { dispose: () => undefined };
  return {
    ...vscode,
    ThemeColor: class {},
    DecorationRangeBehavior: {},
    MarkdownString: class {
      constructor(readonly value: string) {}
    },
    Range: class {
      constructor(
        readonly start: unknown,
        readonly end: unknown,
      ) {}
    },
    window: {
      get activeTextEditor() {
        return editor.active;
      },
      get visibleTextEditors() {
        return editor.active === undefined ? [] : [editor.active];
      },
      createTextEditorDecorationType: (options: unknown) => ({ options, dispose: () => undefined }),
      onDidChangeActiveTextEditor: () => never,
      setStatusBarMessage: (message: string) => editor.said.push(message),
    },
    workspace: {
      workspaceFolders: [],
      getConfiguration: () => ({ get: (name: string, value: unknown) => editor.settings.get(name) ?? value }),
      onDidChangeTextDocument: (told: typeof editor.typed) => ((editor.typed = told), never),
      onDidChangeConfiguration: (told: typeof editor.configured) => ((editor.configured = told), never),
    },
  };
});

const HEAD = "---\nname: x\n---\n";
const PROMPT = "The cat sat on the";
const found: NextTokens = {
  tokens: [
    { id: 1, text: " mat", probability: 0.31 },
    { id: 2, text: " $(flame)\u202e", probability: 0.05 },
  ],
  isCut: false,
  losses: [
    { start: 3, end: 7, loss: 0.1 },
    { start: 7, end: 11, loss: 3 },
    { start: 11, end: 14, loss: 9 },
  ],
};

/** An editor with a prompt in which the cursor stands at an offset. */
function opened(text = HEAD + PROMPT, at = text.length) {
  const drawn = new Map<object, readonly Placed[]>();
  const document = {
    version: 1,
    uri: { scheme: "file", path: "/a.prompty", toString: () => "file:///a.prompty" },
    languageId: "plaintext",
    fileName: "/a.prompty",
    getText: () => text,
    positionAt: (offset: number) => offset,
    offsetAt: (position: number) => position,
  };
  const shown = {
    document,
    selection: { active: at },
    setDecorations: (type: object, placed: readonly Placed[]) => drawn.set(type, placed),
  };
  editor.active = shown;
  const type = () => {
    document.version++;
    editor.typed?.({ document, contentChanges: [{}] });
  };
  return { type, placed: () => [...drawn.values()].flat() };
}

function setUp() {
  const runs: {
    text: string;
    threads: number | undefined;
    signal: AbortSignal;
    settle: (found: NextTokens) => void;
    fail: (error: Error) => void;
  }[] = [];
  const models = new EventEmitter<void>();
  const app = {
    models: { onDidChange: models.event },
    settings: () => Promise.resolve({ threads: 8 }),
    failure: (error: Error) => ({ kind: "user", message: error.message }),
    scoring: {
      nextTokens: (what: { text: { text: string }; settings: { threads?: number } }, _: unknown, signal: AbortSignal) =>
        new Promise<NextTokens>((resolve, reject) => {
          runs.push({ text: what.text.text, threads: what.settings.threads, signal, settle: resolve, fail: reject });
        }),
    },
  };
  const registered = new LivePrompts(() => app as never).register();
  return { runs, models, registered };
}

const rest = (milliseconds = 500) => vi.advanceTimersByTimeAsync(milliseconds);

beforeEach(() => {
  vi.useFakeTimers();
  editor.settings.clear();
  editor.said.length = 0;
  editor.active = undefined;
});

afterEach(() => {
  vi.useRealTimers();
});

test("nothing is read unless the user wants it", async () => {
  const { runs } = setUp();
  const { type } = opened();
  type();
  await rest(5000);
  expect(runs).toEqual([]);
});

test("a prompt is read once, half a second after the last key, by one processor, without its head", async () => {
  editor.settings.set("live", true);
  const { runs } = setUp();
  const { type, placed } = opened();
  for (let key = 0; key < 5; key++) {
    type();
    await rest(400);
  }
  expect(runs).toEqual([]);
  await rest(100);
  expect(runs.map(({ text, threads }) => [text, threads])).toEqual([[PROMPT, 1]]);
  runs[0].settle(found);
  await rest(0);
  const [from, end] = [HEAD.length, HEAD.length + PROMPT.length];
  expect(
    placed()
      .filter(({ renderOptions }) => !renderOptions)
      .map(({ range }) => [range.start, range.end]),
  ).toEqual([
    [from + 7, from + 11],
    [from + 11, from + 14],
  ]);
  const after = placed().find(({ renderOptions }) => renderOptions);
  expect(after?.range.start).toBe(end);
  // neither a picture nor a mark of direction of the model's becomes one of the editor's
  expect(after?.renderOptions?.after.contentText).toBe('" mat" 31 % · " $ (flame)⟨U+202E⟩" 5 %');
});

test("what runs when a key is pressed ends, and what it found is not shown", async () => {
  editor.settings.set("live", true);
  const { runs } = setUp();
  const { type, placed } = opened();
  type();
  await rest();
  type();
  expect(runs[0].signal.aborted).toBe(true);
  runs[0].settle(found);
  await rest(0);
  expect(placed()).toEqual([]);
  await rest();
  expect(runs).toHaveLength(2);
});

test.each([
  ["in the head", HEAD + PROMPT, 5],
  ["in a text that is none", "plain", 5],
])("nothing is read while the cursor is %s", async (_, text, at) => {
  editor.settings.set("live", true);
  const { runs } = setUp();
  const { type } = opened(text, at);
  if (text === "plain")
    Object.assign((editor.active as { document: { uri: object } }).document.uri, { path: "/a.txt" });
  type();
  await rest(1000);
  expect(runs).toEqual([]);
});

test("what goes wrong is said once, and again when it is another thing", async () => {
  editor.settings.set("live", true);
  const { runs } = setUp();
  const { type } = opened();
  for (const message of ["The model is not there", "The model is not there", "No memory"]) {
    type();
    await rest();
    runs.at(-1)?.fail(new Error(message));
    await rest(0);
  }
  expect(editor.said).toEqual(["Paramscope, live: The model is not there", "Paramscope, live: No memory"]);
});

test("another model reads it again; turned off, the editor is as it was", async () => {
  editor.settings.set("live", true);
  const { runs, models, registered } = setUp();
  const { placed } = opened();
  models.fire();
  await rest();
  runs[0].settle(found);
  await rest(0);
  expect(placed()).not.toEqual([]);
  editor.settings.set("live", false);
  editor.configured?.({ affectsConfiguration: () => true });
  expect(placed()).toEqual([]);
  await rest(5000);
  expect(runs).toHaveLength(1);
  registered.dispose();
});
