import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";

import { afterEach, describe, it } from "mocha";
import * as vscode from "vscode";

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string; readonly title: string }[] };
}

function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.getExtension("paramscope.paramscope");
  if (!found) throw new Error("the extension is not there");
  return found;
}

function tabs(): string[] {
  return vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ label }) => label));
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await wait(50);
}

describe("commands", () => {
  afterEach(async () => await vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  it("are there, all that are declared, in sentence case", async () => {
    await extension().activate();
    const registered = new Set(await vscode.commands.getCommands(true));
    const { commands } = (extension().packageJSON as Manifest).contributes;
    assert.ok(commands.length > 20);
    for (const { command, title } of commands) {
      assert.ok(registered.has(command), command);
      assert.match(title, /^[A-Z][^A-Z]*((A|Hugging Face|Git|TensorFlow)\b[^A-Z]*)?$/, title);
    }
  });

  it("analyze an untitled text, in one panel however often", async () => {
    const document = await vscode.workspace.openTextDocument({ content: "The boats were tied up." });
    await vscode.window.showTextDocument(document);
    const label = `Activations: ${document.fileName}`;
    await vscode.commands.executeCommand("paramscope.analyzeFile");
    await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    await vscode.commands.executeCommand("paramscope.analyzeFile");
    await until(() => tabs().includes(label));
    assert.equal(tabs().filter((tab) => tab === label).length, 1, tabs().join());
  });

  it("analyze a selection", async () => {
    const document = await vscode.workspace.openTextDocument({ content: "One line.\nAnother line." });
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(1, 0, 1, 13);
    await vscode.commands.executeCommand("paramscope.analyzeSelection");
    // tabs follow what has happened at their own pace
    await until(() => tabs().includes(`Activations: ${document.fileName}:2`));
  });

  it("open a sample and analyze it", async () => {
    await vscode.commands.executeCommand("paramscope.trySample", "story");
    await until(() => tabs().includes("Activations: harbour.txt"));
    assert.ok(tabs().includes("harbour.txt"));
  });
});
