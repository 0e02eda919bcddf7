import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";

import * as vscode from "vscode";

/** A webview of ours runs its script, and reads nothing: all of it is in its page. */
export const webviewOptions: vscode.WebviewOptions = { enableScripts: true, localResourceRoots: [] };

/** The icon of a panel's tab, which, unlike that of a view, has its own colour. */
export function panelIcon(extension: vscode.Uri): { light: vscode.Uri; dark: vscode.Uri } {
  const icon = (theme: string): vscode.Uri => vscode.Uri.joinPath(extension, "media", `panel-${theme}.svg`);
  return { light: icon("light"), dark: icon("dark") };
}

/**
 * The page that runs `dist/webview/NAME.js` with `NAME.css`. Both are in it: fetched as files, each would take a way of its
 * own from the window to the extension's machine and back. Measured, that is 80 ms of the time to a panel's first bar.
 */
export function webviewPage(extension: vscode.Uri, name: string): string {
  const nonce = randomBytes(16).toString("base64");
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "img-src data: blob:",
  ].join("; ");
  const style = `<style nonce="${nonce}">${bundled(extension, `${name}.css`)}</style>`;
  // As a module it waits for the body.
  const script = `<script type="module" nonce="${nonce}">${bundled(extension, `${name}.js`)}</script>`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Paramscope</title>
${style}
${script}
</head>
<body>
</body>
</html>`;
}

const read = new Map<string, string>();

/** A file of `dist/webview`, read once; esbuild has written `</script>` and `</style>` so that they end nothing. */
function bundled(extension: vscode.Uri, file: string): string {
  let text = read.get(file);
  if (text === undefined) {
    text = readFileSync(vscode.Uri.joinPath(extension, "dist", "webview", file).fsPath, "utf8");
    read.set(file, text);
  }
  return text;
}
