import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import { describe, it } from "mocha";
import * as vscode from "vscode";

import type { AnalysisDocument } from "../../src/engine/document/document";
import { ResultsStore } from "../../src/views/results-store";
import { analysis } from "../cli/documents";
import { contextOf } from "./context";

const document = analysis();

async function namesIn(folder: vscode.Uri | undefined): Promise<string[]> {
  if (!folder) return [];
  const entries = await vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(folder, "results"));
  return entries.map(([name]) => name).sort();
}

describe("the history", () => {
  it("has the newest first, and gives back what was added", async () => {
    const results = new ResultsStore(contextOf());
    const first = await results.add(document, "a.txt", []);
    const second = await results.add({ ...document, target: "loss" } as AnalysisDocument, "b.txt", []);
    assert.deepEqual(
      (await results.entries()).map(({ title }) => title),
      ["b.txt", "a.txt"],
    );
    assert.deepEqual(await results.load(first.id), document);
    assert.equal((await results.load(second.id))?.format, "paramscope.analysis");
  });

  it("keeps at most 50, and no file of the others", async () => {
    const context = contextOf();
    const results = new ResultsStore(context);
    const first = await results.add(document, "first", []);
    // At once: changes may not overwrite each other.
    await Promise.all(Array.from({ length: 52 }, (_, i) => results.add(document, String(i), [])));
    const entries = await results.entries();
    assert.equal(entries.length, 50);
    assert.equal(await results.load(first.id), undefined);
    const files = entries.map(({ id }) => `${id}.paramscope`);
    assert.deepEqual(await namesIn(context.storageUri), [...files, "index.json"].sort());
  });

  it("is the workspace's, and without one the user's", async () => {
    const inWorkspace = contextOf();
    await new ResultsStore(inWorkspace).add(document, "a", []);
    assert.equal((await namesIn(inWorkspace.storageUri)).length, 2);
    const without = contextOf({ hasWorkspace: false });
    await new ResultsStore(without).add(document, "a", []);
    assert.equal((await namesIn(without.globalStorageUri)).length, 2);
  });

  it("deletes a result with its file, and says that it has changed", async () => {
    const context = contextOf();
    const results = new ResultsStore(context);
    const kept = await results.add(document, "kept", []);
    const { id } = await results.add(document, "deleted", []);
    let changes = 0;
    results.onDidChange(() => changes++);
    await results.delete(id);
    assert.deepEqual(
      (await results.entries()).map((entry) => entry.id),
      [kept.id],
    );
    assert.equal(await results.load(id), undefined);
    assert.equal(changes, 1);
    assert.deepEqual(await namesIn(context.storageUri), [`${kept.id}.paramscope`, "index.json"].sort());
  });

  it("opens a result with what was looked at last, written or still to be", async () => {
    const context = contextOf();
    const results = new ResultsStore(context);
    const { id } = await results.add(document, "a", []);
    const gone = await results.add(document, "b", []);
    await results.delete(gone.id);
    for (const row of [1, 2]) results.keepView(id, { row });
    results.keepView(gone.id, { row: 3 });
    assert.deepEqual(await results.load(id), { ...document, view: { row: 2 } });
    for (const each of context.subscriptions) void each.dispose();
    const names = [`${id}.paramscope`, `${id}.view.json`, "index.json"].sort();
    const end = Date.now() + 10_000;
    while ((await namesIn(context.storageUri)).length < names.length && Date.now() < end) await sleep(20);
    assert.deepEqual(await namesIn(context.storageUri), names);
    assert.deepEqual(await new ResultsStore(context).load(id), { ...document, view: { row: 2 } });
  });

  it("starts anew where its index cannot be read", async () => {
    const context = contextOf();
    const results = new ResultsStore(context);
    await results.add(document, "a", []);
    if (!context.storageUri) throw new Error("there is no storage");
    const index = vscode.Uri.joinPath(context.storageUri, "results", "index.json");
    await vscode.workspace.fs.writeFile(index, new TextEncoder().encode('[{"id":"../../x"}]'));
    assert.deepEqual(await results.entries(), []);
    await results.add(document, "b", []);
    assert.equal((await results.entries()).length, 1);
  });
});
