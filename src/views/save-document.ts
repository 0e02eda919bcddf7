import { posix } from "node:path";
import * as vscode from "vscode";

import type { ResultDocument } from "../engine/document/document";
import { fileName } from "../format/readable";
import type { CommonRequest } from "../pages/run";

type ExportMessage = Extract<CommonRequest, { type: "export" }>;

const filters = {
  svg: { "SVG picture": ["svg"] },
  png: { "PNG picture": ["png"] },
  html: { "Web page": ["html"] },
  csv: { "Table (CSV)": ["csv"] },
  json: { JSON: ["json"] },
} satisfies Record<ExportMessage["format"], Record<string, string[]>>;

/** Asks where, and saves a result as a `*.paramscope` file. */
export async function saveDocument(document: ResultDocument, title: string): Promise<void> {
  const name = `${fileName(title.replaceAll(" %", ""))}.paramscope`;
  await writeWhereAsked(name, { "Paramscope result": ["paramscope"] }, `${JSON.stringify(document)}\n`);
}

/** Asks where, and writes what a view has drawn. */
export async function exportContent({ format, name, content }: ExportMessage): Promise<void> {
  const bytes = format === "png" ? Buffer.from(content, "base64") : content;
  const own = name.endsWith(`.${format}`) ? name.slice(0, -format.length - 1) : name;
  const file = `${fileName(own)}.${format}`;
  await writeWhereAsked(file, filters[format], bytes);
}

async function writeWhereAsked(
  name: string,
  filters: Record<string, string[]>,
  content: string | Uint8Array,
): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const defaultUri = folder && vscode.Uri.joinPath(folder, posix.basename(name));
  const uri = await vscode.window.showSaveDialog({ defaultUri, filters });
  if (!uri) return;
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  await vscode.workspace.fs.writeFile(uri, bytes);
}
