import { posix } from "node:path";
import * as vscode from "vscode";

import { ParamscopeError } from "../engine/errors";
import { zip } from "../engine/numbers/elements";
import { GitIgnore } from "../engine/text/git-ignore";
import type { DomainTexts } from "../kinds/asked";
import { subjectOfUris } from "./texts";
import { statOf, workspaceFiles } from "./workspace-files";

/** A folder with fewer files of its own is not offered: texts of one kind are compared with each other. */
const FEWEST_FILES = 2;
/** So far below the top folders are offered: a project may have thousands. */
const DEEPEST = 3;
const MOST = 300;

export interface OfferedFolder {
  readonly label: string;
  readonly description: string;
  readonly uri: vscode.Uri;
}

/**
 * Folders that hold files enough to be compared, for a choice, in the order of their paths.
 * @param root where they are looked for; undefined: in the workspace.
 */
export async function foldersToCompare(root?: vscode.Uri): Promise<OfferedFolder[]> {
  const roots = root ? [root] : (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
  const found: OfferedFolder[] = [];
  for (const top of roots) {
    const files = workspaceFiles(top);
    const visit = async (path: string, rules: GitIgnore, depth: number): Promise<void> => {
      const entries = await files.list(path).catch(() => []);
      for (const { name, kind, linked } of [...entries].sort((a, b) => (a.name < b.name ? -1 : 1))) {
        const below = files.join(path, name);
        if (kind !== "folder" || linked || name.startsWith(".") || rules.ignores(below, true)) continue;
        if (found.length >= MOST) return;
        const uri = top.with({ path: below });
        const own = (await files.list(below).catch(() => [])).filter((entry) => entry.kind === "file").length;
        const description = [`${own} files`, root ? "" : parentOf(uri)].filter(Boolean);
        if (own >= FEWEST_FILES) found.push({ label: name, description: description.join(" · "), uri });
        if (depth < DEEPEST) await visit(below, await rules.enter(below), depth + 1);
      }
    };
    await visit(top.path, await GitIgnore.of(top.path, files), 1);
  }
  return found;
}

function parentOf(uri: vscode.Uri): string {
  const parent = posix.dirname(vscode.workspace.asRelativePath(uri));
  return parent === "." ? "" : parent;
}

/**
 * The texts of folders, each known by its name, or by its path where two have the same.
 * @throws ParamscopeError for what is no folder, and for a folder without texts.
 */
export async function domainsOfUris(uris: readonly vscode.Uri[]): Promise<{ domains: DomainTexts[]; notes: string[] }> {
  const names = uris.map(({ path }) => posix.basename(path));
  const domains: DomainTexts[] = [];
  const notes: string[] = [];
  for (const [uri, name] of zip(uris, names)) {
    const path = vscode.workspace.asRelativePath(uri);
    if (!((await statOf(uri)).type & vscode.FileType.Directory))
      throw new ParamscopeError(`${path} is a file`, "Select folders only: each is a kind of texts.");
    const subject = await subjectOfUris([uri]);
    const isUnique = names.filter((other) => other === name).length === 1;
    domains.push({ name: isUnique ? name : path, texts: subject.texts });
    notes.push(...subject.notes);
  }
  return { domains, notes };
}
