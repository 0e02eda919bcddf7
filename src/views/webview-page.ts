import { randomBytes } from "node:crypto";
import * as vscode from "vscode";

/** What a webview of ours may read, and that it may run its script; nothing of it reaches outside. */
export function webviewOptions(extension: vscode.Uri): vscode.WebviewOptions {
  const folders = [vscode.Uri.joinPath(extension, "dist", "webview"), vscode.Uri.joinPath(extension, "media")];
  return { enableScripts: true, localResourceRoots: folders };
}

/** The icon of a panel's tab, which, unlike that of a view, has its own colour. */
export function panelIcon(extension: vscode.Uri): { light: vscode.Uri; dark: vscode.Uri } {
  const icon = (theme: string): vscode.Uri => vscode.Uri.joinPath(extension, "media", `panel-${theme}.svg`);
  return { light: icon("light"), dark: icon("dark") };
}

/** The page that runs `dist/webview/NAME.js` with `NAME.css`. */
export function webviewPage(webview: vscode.Webview, extension: vscode.Uri, name: string): string {
  const nonce = randomBytes(16).toString("base64");
  const file = (kind: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(extension, "dist", "webview", `${name}.${kind}`)).toString();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} data: blob:`,
  ].join("; ");
  return page(
    policy,
    `<link rel="stylesheet" nonce="${nonce}" href="${file("css")}">`,
    `<script nonce="${nonce}" src="${file("js")}"></script>`,
  );
}

/** A page of plain text, for what has no view of its own. */
export function textPage(lines: readonly string[]): string {
  const text = lines.join("\n").replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
  return page("default-src 'none'", "", `<pre>${text}</pre>`);
}

function page(policy: string, head: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Paramscope</title>
${head}
</head>
<body>
${body}
</body>
</html>`;
}
