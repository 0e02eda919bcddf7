import { beforeEach, expect, test, vi } from "vitest";

import type { Models } from "../../src/editor/models";
import { showFailure } from "../../src/editor/failure";
import {
  askForLine,
  codeLens,
  hover,
  readableLog,
  said,
  showError,
  showInformation,
  showPick,
  showPicks,
  showStatusMessage,
  showWarning,
} from "../../src/editor/said";
import { ParamscopeError } from "../../src/engine/errors";
import { analysisKind } from "../../src/kinds/analysis";
import { ModelsTree } from "../../src/views/models-tree";
import type { ResultsStore } from "../../src/views/results-store";
import { ResultsTree } from "../../src/views/results-tree";
import { panelTitle } from "../../src/views/run-panel";
import { RunStatus } from "../../src/views/run-status";
import { unseenInLine } from "../support/unseen";
import { EventEmitter, ThemeIcon, TreeItem } from "../support/vscode";

/* What the editor itself shows of texts of any origin is text: neither its commands nor its pictures, and nothing that is not seen. */

/** What the editor is given to show. */
const shown = vi.hoisted(() => [] as unknown[]);

vi.mock("vscode", async () => {
  const vscode = await import("../support/vscode");
  const show = (...given: readonly unknown[]) => {
    shown.push(...given);
    return Promise.resolve(undefined);
  };
  const item = {
    show: () => undefined,
    dispose: () => undefined,
  };
  return {
    ...vscode,
    CodeLens: class {
      constructor(
        readonly range: unknown,
        readonly command: unknown,
      ) {}
    },
    MarkdownString: class {
      isTrusted: boolean | undefined;
      supportHtml: boolean | undefined;
      supportThemeIcons: boolean | undefined;
      constructor(readonly value: string) {}
    },
    StatusBarAlignment: { Right: 2 },
    window: {
      ...vscode.window,
      showErrorMessage: show,
      showWarningMessage: show,
      showInformationMessage: show,
      setStatusBarMessage: show,
      showInputBox: show,
      showQuickPick: (items: readonly unknown[], options: unknown) => {
        shown.push(...items, options);
        return Promise.resolve((options as { canPickMany?: boolean }).canPickMany ? [items[1]] : items[1]);
      },
      createStatusBarItem: () => {
        shown.push(item);
        return item;
      },
    },
  };
});

const HOSTILE = `\u202eשלום (12) مرحبا بك: 3, gnp\u200b\u0007\u001b]0;x\u0007\u{E0041}[click](command:workbench.action.quit) $(trash) ${"x".repeat(5000)}`;

/** What is wrong with all that was shown. */
function faults(): string[] {
  const texts: string[] = [];
  const collect = (value: unknown): void => {
    if (typeof value === "string") texts.push(value);
    else if (typeof value === "object" && value !== null && !(value instanceof ThemeIcon))
      for (const [key, each] of Object.entries(value)) if (!["model", "entry", "command"].includes(key)) collect(each);
  };
  collect(shown);
  expect(texts.some((text) => text.includes("⟨U+202E⟩"))).toBe(true);
  return texts.filter(
    (text) => unseenInLine(text).length > 0 || text.includes("](") || text.includes("$(trash)") || text.length > 1000,
  );
}

beforeEach(() => {
  shown.length = 0;
});

test("a text is read, and is neither a link nor a picture", () => {
  expect(said("a [b](command:c) $(d) e\nf")).toBe("a [b] (command:c) $ (d) e\nf");
  expect(said("costs $(5.00)")).toBe("costs $(5.00)");
  expect(said("x".repeat(2000)).length).toBeLessThan(1000);
});

test("notifications", async () => {
  const action = "Show log";
  await showError(HOSTILE, action);
  await showWarning(HOSTILE, { modal: true, detail: HOSTILE }, action);
  await showInformation(HOSTILE, {}, action);
  showStatusMessage(HOSTILE, 1);
  await askForLine({ prompt: HOSTILE });
  expect(faults()).toEqual([]);
});

test("failures, and the log of them", async () => {
  const lines: string[] = [];
  const log = readableLog({ error: (line: string) => lines.push(line) } as never);
  await showFailure(new ParamscopeError(HOSTILE, HOSTILE), log);
  await showFailure(new Error(HOSTILE), log);
  expect(faults()).toEqual([]);
  expect(lines).toHaveLength(2);
  expect(unseenInLine(lines.join(""))).toEqual([]);
});

test("lists, whose choices come back as they were given", async () => {
  const choices = [
    { label: "other", description: HOSTILE },
    { label: HOSTILE, description: HOSTILE },
  ];
  expect(await showPick(choices, { title: HOSTILE })).toBe(choices[1]);
  expect(await showPicks(choices, { title: HOSTILE })).toEqual([choices[1]]);
  expect(faults()).toEqual([]);
});

test("what is wrong with a line that is typed", async () => {
  await askForLine({ prompt: HOSTILE, validateInput: () => HOSTILE });
  const { validateInput } = shown[0] as { validateInput: (value: string) => Promise<string> };
  shown.push(await validateInput(""));
  expect(faults()).toEqual([]);
});

test("trees", () => {
  const changes = new EventEmitter<void>();
  const models = { onDidChange: changes.event } as Models;
  const model = { id: HOSTILE, path: HOSTILE, kind: "local", architecture: HOSTILE, bytes: 1 } as const;
  const results = { onDidChange: changes.event } as ResultsStore;
  const entry = { id: "1", title: HOSTILE, format: analysisKind.format, model: HOSTILE, target: HOSTILE, time: 0 };
  const items = [
    new ModelsTree(models).getTreeItem(model),
    new ResultsTree(results).getTreeItem({ ...entry, origins: [] }),
  ];
  for (const item of items) {
    expect(item).toBeInstanceOf(TreeItem);
    shown.push(item);
  }
  expect(faults()).toEqual([]);
});

test("what stands above a line", () => {
  const range = {} as never;
  shown.push(codeLens(range, { command: "paramscope.explainPrompt", title: HOSTILE, tooltip: HOSTILE }).command);
  expect(faults()).toEqual([]);
});

test("what is shown over a token: no link, whether it is written as one or not, no command, no picture", () => {
  const addresses =
    "https://a.example www.a.example a@a.example <command:b> [a](command:b) <img src=x> `c` $(d) &#58; 1. *e*\n\n# f";
  const over = hover([HOSTILE, addresses]);
  expect([over.isTrusted, over.supportHtml, over.supportThemeIcons]).toEqual([undefined, undefined, undefined]);
  // every sign stands behind a stroke of its own
  expect(over.value.replace(/\\[!-/:-@[-`{-~]/g, "")).toMatch(/^[^!-/:-@[-`{-~]*$/);
  expect(over.value.split("\n")).toHaveLength(3);
  const plain = over.value.replace(/\\(.)/g, "$1");
  expect(unseenInLine(plain.replaceAll("\n", ""))).toEqual([]);
  expect(plain.split("\n")[2]).toBe(addresses.replace(/\s+/g, " "));
});

test("the status bar, and titles of panels", () => {
  const changes = new EventEmitter<void>();
  const status = new RunStatus(
    { subscriptions: [] } as never,
    { currentName: HOSTILE, onDidChange: changes.event } as unknown as Models,
  );
  status.begin(() => undefined);
  changes.fire();
  shown.push(panelTitle(analysisKind, HOSTILE));
  expect(faults()).toEqual([]);
});
