import * as vscode from "vscode";

import type { App } from "../views/app";
import { domainsOfUris, foldersToCompare } from "../editor/folders";
import { ParamscopeError } from "../engine/errors";
import { domainsKind, domainsTitle } from "../kinds/domains";
import { showPicks } from "../editor/said";

/** Do folders of texts activate other parameters? Those that are selected in the explorer, else those that are asked for. */
export async function compareFolders(app: App, _clicked?: unknown, chosen?: unknown): Promise<void> {
  const selected = Array.isArray(chosen) ? chosen.filter((uri) => uri instanceof vscode.Uri) : [];
  const uris = selected.length > 0 ? selected : await askForFolders(app);
  if (!uris) return;
  if (uris.length < 2)
    throw new ParamscopeError("A comparison of folders needs at least two", "Select two folders of texts or more.");
  const { domains, notes } = await domainsOfUris(uris);
  await app.run(domainsKind, { title: domainsTitle(domains), origins: [], domains, notes });
}

interface Choice extends vscode.QuickPickItem {
  readonly uri?: vscode.Uri;
  readonly isElsewhere?: boolean;
}

/** Of the shipped samples the one that is no kind of texts: a background of all kinds. */
const BACKGROUND = "unrelated";

async function askForFolders({ context }: App): Promise<vscode.Uri[] | undefined> {
  const samples = vscode.Uri.joinPath(context.extensionUri, "samples");
  const [own, shipped] = await Promise.all([foldersToCompare(), foldersToCompare(samples)]);
  const separator = (label: string): Choice => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const choices: Choice[] = [
    ...(own.length > 0 ? [separator("in this workspace"), ...own] : []),
    separator("samples that come with Paramscope: kinds of texts, languages"),
    ...shipped.filter(({ label }) => label !== BACKGROUND),
    separator("elsewhere"),
    { label: "Other folders…", isElsewhere: true },
  ];
  const picked = await showPicks(choices, {
    title: "Compare folders",
    placeHolder: "Two folders of texts or more: kinds of texts, languages",
    matchOnDescription: true,
  });
  if (!picked) return undefined;
  const others = picked.some(({ isElsewhere }) => isElsewhere) ? await askForOthers() : [];
  return [...picked.flatMap(({ uri }) => uri ?? []), ...others];
}

async function askForOthers(): Promise<vscode.Uri[]> {
  const options = { title: "Folders of texts", openLabel: "Compare", canSelectMany: true };
  return (await vscode.window.showOpenDialog({ ...options, canSelectFolders: true, canSelectFiles: false })) ?? [];
}
