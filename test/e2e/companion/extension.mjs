/* Runs in the extension host beside the extension that is tested. Not TypeScript: it is packed as it is. */
import { Buffer } from "node:buffer";
import { monitorEventLoopDelay } from "node:perf_hooks";

import * as vscode from "vscode";

function refuse() {
  throw vscode.FileSystemError.NoPermissions();
}

/** A folder that is on no disk: `memory:/notes` with one text, for virtual workspaces. */
class MemoryFiles {
  #files = new Map([["/notes/tide.txt", Buffer.from("The tide turned before the boats were tied up.\n")]]);
  onDidChangeFile = new vscode.EventEmitter().event;

  watch() {
    return new vscode.Disposable(() => undefined);
  }

  stat({ path }) {
    const file = this.#files.get(path);
    if (file) return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: file.length };
    if (this.readDirectory({ path }).length > 0)
      return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    throw vscode.FileSystemError.FileNotFound(path);
  }

  readDirectory({ path }) {
    const folder = path.endsWith("/") ? path : `${path}/`;
    const below = [...this.#files.keys()].filter((file) => file.startsWith(folder));
    const names = new Set(below.map((file) => file.slice(folder.length).split("/")[0]));
    const typeOf = (name) => (this.#files.has(folder + name) ? vscode.FileType.File : vscode.FileType.Directory);
    return [...names].map((name) => [name, typeOf(name)]);
  }

  readFile({ path }) {
    const file = this.#files.get(path);
    if (!file) throw vscode.FileSystemError.FileNotFound(path);
    return file;
  }

  writeFile({ path }, content) {
    this.#files.set(path, Buffer.from(content));
  }

  createDirectory = refuse;
  delete = refuse;
  rename = refuse;
}

const paramscope = () => vscode.workspace.getConfiguration("paramscope");

/** The names of Paramscope's settings that the user has set. */
function setByUser() {
  return Object.keys(paramscope()).filter((name) => paramscope().inspect(name)?.globalValue !== undefined);
}

/** Asks for settings of Paramscope as JSON and makes them the user's; others of its are reset. */
async function setSettings() {
  const json = await vscode.window.showInputBox({ title: "Settings of Paramscope, as JSON" });
  const settings = JSON.parse(json);
  const names = new Set([...setByUser(), ...Object.keys(settings)]);
  for (const name of names) await paramscope().update(name, settings[name], vscode.ConfigurationTarget.Global);
}

/** What held up the extension host: says the longest delay since it was last asked. */
function delayWatch() {
  const item = vscode.window.createStatusBarItem("companion.delay", vscode.StatusBarAlignment.Left);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  let asked = 0;
  const command = vscode.commands.registerCommand("companion.showDelay", () => {
    item.text = `delay ${++asked}: ${(delay.max / 1e6).toFixed(1)} ms`;
    item.show();
    delay.reset();
    delay.enable();
  });
  return vscode.Disposable.from(item, command);
}

function openEmptyPanel() {
  const options = { enableScripts: true };
  const { webview } = vscode.window.createWebviewPanel("companion.empty", "Empty", vscode.ViewColumn.One, options);
  webview.html = "<h1>empty</h1>";
}

export function activate({ subscriptions }) {
  const item = vscode.window.createStatusBarItem("companion", vscode.StatusBarAlignment.Left);
  // What the extension host knows to be set: extensions are told together.
  const show = () => {
    const settings = setByUser().map((name) => [name, paramscope().get(name)]);
    item.text = `settings ${JSON.stringify(Object.fromEntries(settings))}`;
  };
  show();
  item.show();
  subscriptions.push(
    item,
    vscode.workspace.onDidChangeConfiguration(show),
    vscode.workspace.registerFileSystemProvider("memory", new MemoryFiles()),
    vscode.commands.registerCommand("companion.setSettings", setSettings),
    vscode.commands.registerCommand("companion.openEmptyPanel", openEmptyPanel),
    delayWatch(),
  );
}
