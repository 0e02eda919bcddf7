import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";

import { comparePairs } from "../../src/commands/compare-pairs";
import { ONE_WORD_TEMPLATE } from "../../src/engine/text/template";
import type { AskedPairs } from "../../src/kinds/pairs";
import { Uri } from "../support/vscode";

/* What is asked about a table of sentence pairs before it is run: lists of what there is, and nothing to be typed unless one wants to. */

interface Shown {
  readonly title: string;
  readonly labels: readonly string[];
  readonly descriptions: readonly (string | undefined)[];
}

const editor = vi.hoisted(() => ({
  /** What is chosen, list after list; undefined leaves. */
  choices: [] as (string | undefined)[],
  shown: [] as Shown[],
  typed: undefined as string | undefined,
}));

vi.mock("vscode", async () => {
  const vscode = await import("../support/vscode");
  return {
    ...vscode,
    Uri: vscode.Uri,
    window: {
      ...vscode.window,
      showQuickPick: (items: readonly { label: string; description?: string }[], { title }: { title: string }) => {
        editor.shown.push({
          title,
          labels: items.map(({ label }) => label),
          descriptions: items.map(({ description }) => description),
        });
        const wanted = editor.choices.shift();
        return Promise.resolve(items.find(({ label }) => label === wanted));
      },
      showInputBox: () => Promise.resolve(editor.typed),
    },
    workspace: { ...vscode.workspace, textDocuments: [] },
  };
});

const folder = mkdtempSync(join(tmpdir(), "pairs-form-"));
afterAll(() => rmSync(folder, { recursive: true }));

beforeEach(() => {
  editor.choices = [];
  editor.shown = [];
  editor.typed = undefined;
});

/** Runs the form on a table; what the run is asked for, if there is one. */
async function form(table: string, ...choices: readonly (string | undefined)[]): Promise<AskedPairs | undefined> {
  const path = join(folder, "table.csv");
  writeFileSync(path, table);
  editor.choices = [...choices];
  const asked: AskedPairs[] = [];
  const app = { run: (_kind: unknown, what: AskedPairs) => Promise.resolve(asked.push(what)) };
  await comparePairs(app as never, Uri.file(path));
  return asked[0];
}

const other = "id,links,rechts,note,links\n1,A boat.,A ship.,4.5,x\n2,Rain.,A roof.,0.5,y\n";

test("a table of columns that are not known offers its own, each once, with what stands in it", async () => {
  const asked = await form(other, "rechts", "links", "note", "The bare sentence");
  expect(editor.shown.map(({ labels }) => labels)).toEqual([
    ["id", "links", "rechts", "note"],
    ["id", "links", "note"],
    ["id", "note"],
    ["Its meaning in one word", "The bare sentence", "Another…"],
  ]);
  expect(editor.shown[0]?.descriptions).toEqual(["1", "A boat.", "A ship.", "4.5"]);
  expect(asked?.pairs[0]).toEqual({ a: "A ship.", b: "A boat.", score: 4.5 });
  expect(asked?.template).toBeUndefined();
});

test("a table that is known asks for the template alone, the usual one first", async () => {
  const asked = await form("a,b,score\nA boat.,A ship.,4\nRain.,A roof.,1\n", "Its meaning in one word");
  expect(editor.shown).toHaveLength(1);
  expect(asked?.template).toBe(ONE_WORD_TEMPLATE);
});

test("a template can be one's own", async () => {
  editor.typed = "{text} In short:";
  const asked = await form("a,b,score\nA boat.,A ship.,4\nRain.,A roof.,1\n", "Another…");
  expect(asked?.template).toBe("{text} In short:");
});

test("nothing is run where the form is left", async () => {
  expect(await form(other, "rechts", undefined)).toBeUndefined();
  expect(await form(other, "rechts", "links", "note", undefined)).toBeUndefined();
  expect(await form(other, "rechts", "links", "note", "Another…")).toBeUndefined();
});

test("a table without three names is refused, in words", async () => {
  await expect(form("x,,x\nA boat.,A ship.,4\n")).rejects.toThrow("it is not to be seen which columns");
  expect(editor.shown).toEqual([]);
});
